"""The closing report: the figures it shows, and its parts."""

from datetime import date
from enum import StrEnum

from schemas.base import FrozenModel
from schemas.enums import ApplicationStatus, MilestoneKind, Side


class ReportPart(StrEnum):
    """The parts of the report: what there was, and what mentors, participants and the association gained (B6)."""

    OPENING = "opening"
    MENTORS = "mentors"
    PARTICIPANTS = "participants"
    ASSOCIATION = "association"


class RoleGroup(StrEnum):
    """What kind of work people do, as their own words for their role tell; nobody needs a degree or a title (A17)."""

    LEADING = "leading"
    LIBRARIAN = "librarian"
    SUPPORT = "support"
    OTHER = "other"


class WindowFigure(FrozenModel):
    """One check-in window over all mentorships: in how many at least one side said so, best news first.

    Where few had not met, why they had not is withheld (None), and ``together`` counts those withheld.
    """

    number: int
    mentorships: int
    met: int
    planned: int | None
    not_yet: int | None
    unanswered: int | None
    together: int | None = None


class RateFigure(FrozenModel):
    """How many answered of those who were asked."""

    form: MilestoneKind
    side: Side
    asked: int
    answered: int


class ItemFigure(FrozenModel):
    """One question on a scale of 1 to 5; the mean of fewer than five people's answers is withheld (None)."""

    question: str
    label: str
    side: Side
    answered: int
    mean: float | None


class PointFigure(FrozenModel):
    """One of the times a question was asked; the mean of fewer than five people's answers is withheld (None)."""

    number: int
    answered: int
    mean: float | None


class CourseFigure(FrozenModel):
    """A question on a scale that was asked several times; ``ends`` names the scale's lowest and highest answer.

    In a self-assessment only people count who answered it the first and the last time.
    """

    form: MilestoneKind
    question: str
    label: str
    ends: tuple[str, str]
    side: Side
    points: tuple[PointFigure, ...]


class CountedChoice(FrozenModel):
    """How often one answer was given; withheld (None) where it would tell of fewer than five people."""

    label: str
    count: int | None


class ChoiceFigure(FrozenModel):
    """A question with answers to choose from: what a side answered, or where ``side`` is None what a pair did.

    ``number`` is set where each time it was asked is counted apart. ``together`` is how often one of the withheld
    answers was given, where that may be shown.
    """

    form: MilestoneKind
    number: int = 0
    question: str
    label: str
    side: Side | None
    answered: int
    choices: tuple[CountedChoice, ...]
    together: int | None = None


class SumFigure(FrozenModel):
    """Something pairs counted or ticked: in how many mentorships anybody answered, in how many there was any.

    ``total`` and ``with_some`` are withheld (None) where they would tell of fewer than five mentorships.
    """

    form: MilestoneKind
    question: str
    label: str
    answered: int
    with_some: int | None
    total: int | None


class AgreementFigure(FrozenModel):
    """In how many of all mentorships an agreement became final, in how many in time, and after how many days.

    The median is withheld (None) where fewer than five agreed.
    """

    mentorships: int
    agreed: int
    in_time: int
    median_days: float | None


class PeopleFigure(FrozenModel):
    """Who took part, sorted by one thing: ``counted`` people or pairs; what tells of fewer than five is withheld.

    ``together`` is how many the withheld ones are, unless all are withheld.
    """

    by: str
    label: str
    counted: int
    choices: tuple[CountedChoice, ...]
    together: int | None = None


class GroupFigure(FrozenModel):
    """What one role group answered to a question of the closure survey that both sides are asked (A17).

    ``answered`` and ``mean`` are withheld (None) where they would tell of fewer than five people; in a group in which
    nobody answered there is no mean. Where ``group`` is None, these are all whose own group is withheld.
    """

    question: str
    label: str
    group: RoleGroup | None
    answered: int | None
    mean: float | None


class ApplicationsFigure(FrozenModel):
    """How many applied on one side and where that stands; ``places`` is how many mentees mentors could take.

    ``statuses`` other than accepted are withheld (None) where they would tell of fewer than five people, and counted
    ``together``.
    """

    side: Side
    applied: int
    accepted: int
    places: int | None
    statuses: dict[ApplicationStatus, int | None]
    together: int | None = None


class OpeningsFigure(FrozenModel):
    """How many openings and chances staff recommended, and how many of all ``people`` ticked that they took one up.

    ``took_up`` is withheld (None) where that, or the rest, would tell of fewer than five people.
    """

    recommended: int
    people: int
    took_up: int | None


class Report(FrozenModel):
    """A cohort's report; ``replaced`` is how many of its mentorships another mentor took over.

    ``outcomes`` counts mentorships by how they ended; those that were not completed are counted together, as
    ``parted``, where they are few. An interim report says in ``interim_on`` of which day it is. ``covered`` is in how
    many regions anybody took part, out of those that ``people`` names. ``classes`` are the ids of several classes that
    are reported together.
    """

    cohort_id: str
    mentorships: int
    replaced: int = 0
    outcomes: dict[str, int | None]
    windows: tuple[WindowFigure, ...]
    rates: tuple[RateFigure, ...]
    items: tuple[ItemFigure, ...]
    agreement: AgreementFigure | None = None
    courses: tuple[CourseFigure, ...] = ()
    choices: tuple[ChoiceFigure, ...] = ()
    sums: tuple[SumFigure, ...] = ()
    quotes: tuple[str, ...] = ()
    interim_on: date | None = None
    people: tuple[PeopleFigure, ...] = ()
    covered: int | None = None
    groups: tuple[GroupFigure, ...] = ()
    applications: tuple[ApplicationsFigure, ...] = ()
    inquiries: int | None = None
    openings: OpeningsFigure | None = None
    classes: tuple[str, ...] = ()


class FigureRow(FrozenModel):
    """One figure as a row of a table: ``n`` is how many it rests on, and ``value`` is empty where it is withheld."""

    part: ReportPart
    promise: str
    question: str
    group: str
    n: int | None
    value: float | None
    withheld: bool
