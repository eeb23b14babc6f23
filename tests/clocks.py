"""Clocks that tests set."""

from datetime import datetime


class HandSetClock:
    """A clock that shows the time a test sets."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self, _: str) -> datetime:
        return self.time
