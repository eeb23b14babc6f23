"""The closing report: the rows it is made from, and the figures it shows."""

from pydantic import Field

from schemas.base import Value
from schemas.words import MilestoneKind, Outcome, Side, WindowStatus


class WindowRecord(Value):
    """What both sides said about one check-in window of one mentorship."""

    number: int
    mentor: WindowStatus
    mentee: WindowStatus


class ResponseRecord(Value):
    """The last revision of one response."""

    form: MilestoneKind
    side: Side
    answers: dict[str, str] = Field(default_factory=dict)


class CohortRecords(Value):
    """All the rows a report is made from; ``asked`` counts what was asked, by form and side."""

    cohort_id: str
    outcomes: tuple[Outcome | None, ...] = ()
    windows: tuple[WindowRecord, ...] = ()
    responses: tuple[ResponseRecord, ...] = ()
    asked: dict[str, int] = Field(default_factory=dict)


class WindowFigure(Value):
    """One check-in window over all mentorships: in how many at least one side said so, best news first."""

    number: int
    mentorships: int
    met: int
    planned: int
    not_yet: int
    unanswered: int


class RateFigure(Value):
    """How many answered of those who were asked."""

    form: MilestoneKind
    side: Side
    asked: int
    answered: int


class ItemFigure(Value):
    """One question on a scale of 1 to 5; the mean of fewer than five answers is withheld (None)."""

    question: str
    label: str
    side: Side
    answered: int
    mean: float | None


class Report(Value):
    """A cohort's closing report."""

    cohort_id: str
    mentorships: int
    outcomes: dict[str, int]
    windows: tuple[WindowFigure, ...]
    rates: tuple[RateFigure, ...]
    items: tuple[ItemFigure, ...]
    quotes: tuple[str, ...] = ()
