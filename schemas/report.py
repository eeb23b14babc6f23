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
    """The last revision of one response: ``number`` is its milestone's, such as the third check-in's.

    ``person`` is the same for all that one participant answered, with whichever partner.
    """

    form: MilestoneKind
    side: Side
    answers: dict[str, str] = Field(default_factory=dict)
    number: int = 0
    mentorship: str = ""
    person: str = ""


class AgreementRecord(Value):
    """A mentorship's first agreement: after how many days from its first both had confirmed it, and whether in time."""

    days: int
    in_time: bool


class CohortRecords(Value):
    """All the rows a report is made from; ``asked`` counts what was asked, by form and side.

    ``replaced`` is how many of the mentorships another mentor took over; ``agreements`` has those that ever stood.
    """

    cohort_id: str
    outcomes: tuple[Outcome | None, ...] = ()
    replaced: int = 0
    agreements: tuple[AgreementRecord, ...] = ()
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


class PointFigure(Value):
    """One of the times a question was asked; the mean of fewer than five answers is withheld (None)."""

    number: int
    answered: int
    mean: float | None


class CourseFigure(Value):
    """A question on a scale that was asked several times; ``ends`` names the scale's lowest and highest answer.

    In a self-assessment only people count who answered it the first and the last time.
    """

    form: MilestoneKind
    question: str
    label: str
    ends: tuple[str, str]
    side: Side
    points: tuple[PointFigure, ...]


class CountedChoice(Value):
    """How often one answer was given; withheld (None) where fewer than five answered."""

    label: str
    count: int | None


class ChoiceFigure(Value):
    """A question with answers to choose from: what a side answered, or where ``side`` is None what a pair did.

    ``number`` is set where each time it was asked is counted apart.
    """

    form: MilestoneKind
    number: int = 0
    question: str
    label: str
    side: Side | None
    answered: int
    choices: tuple[CountedChoice, ...]


class SumFigure(Value):
    """Something pairs counted or ticked: in how many mentorships anybody answered, in how many there was any.

    ``total`` and ``with_some`` are withheld (None) where fewer than five mentorships answered.
    """

    form: MilestoneKind
    question: str
    label: str
    answered: int
    with_some: int | None
    total: int | None


class AgreementFigure(Value):
    """In how many of all mentorships an agreement came to stand, in how many in time, and after how many days.

    The median is withheld (None) where fewer than five agreed.
    """

    mentorships: int
    agreed: int
    in_time: int
    median_days: float | None


class Report(Value):
    """A cohort's closing report; ``replaced`` is how many of its mentorships another mentor took over."""

    cohort_id: str
    mentorships: int
    replaced: int = 0
    outcomes: dict[str, int]
    windows: tuple[WindowFigure, ...]
    rates: tuple[RateFigure, ...]
    items: tuple[ItemFigure, ...]
    agreement: AgreementFigure | None = None
    courses: tuple[CourseFigure, ...] = ()
    choices: tuple[ChoiceFigure, ...] = ()
    sums: tuple[SumFigure, ...] = ()
    quotes: tuple[str, ...] = ()
