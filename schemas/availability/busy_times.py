"""When somebody's calendar says that they are busy, without what with."""

from pydantic import AwareDatetime

from schemas.base import FrozenModel


class BusyTime(FrozenModel):
    """From a moment until another, in UTC."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class CalendarSubscription(FrozenModel):
    """A calendar that somebody lets the program read: since when, when that last worked, and what speaks against it."""

    added_at: AwareDatetime
    read_at: AwareDatetime | None
    problem: str | None
