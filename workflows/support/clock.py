"""Waiting for an answer or a deadline, whichever comes first, by the program's own clock."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow

from domain.calendar import state_holidays

# Loaded with the workflows' modules: inside a workflow the sandbox forbids what loading them takes.
state_holidays()

# The Temporal UI cuts a summary there.
SUMMARY_LENGTH = 120


class ProgramClock:
    """The program's time inside a workflow: Temporal's, moved by an offset that is zero outside rehearsals."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset
        self._timer: tuple[datetime, asyncio.Task[None]] | None = None

    def now(self) -> datetime:
        """Return the present moment of this workflow, aware and in UTC."""
        return workflow.now() + self._offset

    async def wait_until(self, at: datetime, changed: Callable[[], bool], summary: str) -> bool:
        """Wait until ``changed()`` holds or ``at`` is reached; return whether it was the change.

        Operators read ``summary`` beside the timer.
        """
        if changed() or at <= self.now():
            return changed()
        timer = self._timer_at(at, summary)
        await workflow.wait_condition(lambda: changed() or timer.done())
        return changed()

    def _timer_at(self, at: datetime, summary: str) -> "asyncio.Task[None]":
        # Each timer is a billed action: whoever was interrupted and waits for the same moment again keeps the same one.
        # One that has fired before its moment belongs to other code: another timer makes the replay fail and say so.
        if self._timer and self._timer[0] == at and not self._timer[1].done():
            return self._timer[1]
        if self._timer:
            self._timer[1].cancel()
        timer = asyncio.create_task(workflow.sleep(at - self.now(), summary=summary[:SUMMARY_LENGTH]))
        self._timer = at, timer
        return timer
