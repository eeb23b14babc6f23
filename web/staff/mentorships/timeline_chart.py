"""A mentorship on one line: what happened, today, and what comes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from domain.calendar import local_day
from schemas.base import FrozenModel
from schemas.mentorship.state import Forecast
from schemas.mentorship.terms import Pause
from services.mentorships.history import HistoryEntry

MarkKind = Literal["email", "answer", "step", "to_come"]


class TimelineMark(FrozenModel):
    """A mark on the line: ``at`` is its place in percent of the width."""

    at: float
    kind: MarkKind


class TimelineSpan(FrozenModel):
    """A part of the line, in percent of the width."""

    begins: float
    length: float


class TimelineChart(FrozenModel):
    """The line of a mentorship from its first day to its last; ``today`` is None where it is not in between."""

    marks: tuple[TimelineMark, ...]
    pauses: tuple[TimelineSpan, ...]
    today: float | None


def timeline_chart(
    history: Sequence[HistoryEntry],
    coming: Sequence[Forecast],
    pauses: Sequence[Pause],
    *,
    starts_on: date,
    ends_on: date,
    now: datetime,
    zone: str,
) -> TimelineChart:
    """Return the line of a mentorship; what happened before its first day or comes after its last is left out."""

    def place(day: date) -> float:
        return round(100 * (day - starts_on).days / max((ends_on - starts_on).days, 1), 2)

    marks = [TimelineMark(at=place(local_day(entry.at, zone)), kind=entry.what) for entry in history]
    marks += [TimelineMark(at=place(local_day(email.at, zone)), kind="to_come") for email in coming]
    today = place(local_day(now, zone))
    return TimelineChart(
        marks=tuple(sorted((mark for mark in marks if 0 <= mark.at <= 100), key=lambda mark: (mark.at, mark.kind))),
        pauses=tuple(
            TimelineSpan(begins=place(pause.from_on), length=place(pause.until_on) - place(pause.from_on))
            for pause in pauses
        ),
        today=today if 0 <= today <= 100 else None,
    )
