"""Waiting: for an answer or a deadline, whichever comes first, by the programme's own clock."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta

from temporalio import workflow


class ProgrammeClock:
    """The programme's time inside a workflow: Temporal's, moved by an offset that is zero outside rehearsals."""

    def __init__(self, offset: timedelta) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Return the present moment of this workflow, aware and in UTC."""
        return workflow.now() + self._offset

    async def until(self, at: datetime, changed: Callable[[], bool], summary: str) -> bool:
        """Wait until ``changed()`` holds or ``at`` is reached; return whether it was the change.

        ``summary`` is what operators read beside the timer; the engine keeps 120 characters of it.
        """
        if changed():
            return True
        left = at - self.now()
        if left <= timedelta(0):
            return False
        try:
            await workflow.wait_condition(changed, timeout=left, timeout_summary=summary[:120])
        except TimeoutError:
            return False
        return True


async def together(*deeds: Coroutine[None, None, None]) -> None:
    """Do several things at once and wait until all are done."""
    await asyncio.gather(*deeds)
