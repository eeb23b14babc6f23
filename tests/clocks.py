"""Clocks that tests set, and a day that does not end while they run."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BEGAN_AT = datetime.now(UTC)
# Where it is noon now: a class there has the same day today for as long as the tests run, at whatever hour they begin.
NOON_ZONE = ZoneInfo(f"Etc/GMT{BEGAN_AT.hour - 12:+d}")
TODAY = BEGAN_AT.astimezone(NOON_ZONE).date()


class HandSetClock:
    """A clock that shows the time a test sets."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self, _: str) -> datetime:
        return self.time
