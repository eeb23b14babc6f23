"""Waiting: for an answer or a deadline, whichever comes first, by the program's own clock."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta

from temporalio import workflow


class ProgramClock:
    """The program's time inside a workflow: Temporal's, moved by an offset that is zero outside rehearsals."""

    def __init__(self, offset: timedelta) -> None:
        self._offset = offset
        self._alarm: tuple[datetime, asyncio.Task[None]] | None = None

    def now(self) -> datetime:
        """Return the present moment of this workflow, aware and in UTC."""
        return workflow.now() + self._offset

    async def until(self, at: datetime, changed: Callable[[], bool], summary: str) -> bool:
        """Wait until ``changed()`` holds or ``at`` is reached; return whether it was the change.

        ``summary`` is what operators read beside the timer; the engine keeps 120 characters of it. Whoever was called
        away and waits for the same moment again finds the same timer still running.
        """
        if changed() or at <= self.now():
            return changed()
        alarm = self._alarm_at(at, summary)
        await workflow.wait_condition(lambda: changed() or alarm.done())
        return changed()

    def _alarm_at(self, at: datetime, summary: str) -> "asyncio.Task[None]":
        if self._alarm and self._alarm[0] == at:
            return self._alarm[1]
        if self._alarm:
            self._alarm[1].cancel()
        rings = asyncio.create_task(workflow.sleep(at - self.now(), summary=summary[:120]))
        self._alarm = at, rings
        return rings


async def together(*deeds: Coroutine[None, None, None]) -> None:
    """Do several things at once and wait until all are done."""
    await asyncio.gather(*deeds)
