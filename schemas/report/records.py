"""The rows that a closing report is made from."""

from pydantic import Field

from schemas.base import FrozenModel
from schemas.enums import ApplicationStatus, MilestoneKind, Outcome, Side, WindowStatus


class WindowRecord(FrozenModel):
    """What both sides said about one check-in window of one mentorship."""

    number: int
    mentor: WindowStatus
    mentee: WindowStatus


class ResponseRecord(FrozenModel):
    """The last revision of one response: ``number`` is its milestone's, such as the third check-in's.

    ``person`` is the same for all that one participant answered, with whichever partner.
    """

    form: MilestoneKind
    side: Side
    answers: dict[str, str] = Field(default_factory=dict)
    number: int = 0
    mentorship: str = ""
    person: str = ""


class AgreementRecord(FrozenModel):
    """A mentorship's first agreement: after how many days from its first both had confirmed it, and whether in time."""

    days: int
    in_time: bool


class PersonRecord(FrozenModel):
    """Somebody who took part: what they do and where they work, in their own words."""

    person: str
    role: str
    town: str


class PairRecord(FrozenModel):
    """The two people of a mentorship, by the ids of their records."""

    mentor: str
    mentee: str


class ApplicationRecord(FrozenModel):
    """Where one application stands; ``places`` is how many mentees a mentor can take."""

    side: Side
    status: ApplicationStatus
    places: int = 0


class CohortRecords(FrozenModel):
    """All the rows a report is made from; ``asked`` counts what was asked, by form and side.

    ``replaced`` is how many of the mentorships another mentor took over; ``agreements`` has those that ever became
    final. ``people`` are those who took part, each once, and ``applications`` all there were. ``recommended`` counts
    openings and chances, and ``took_up`` names who took any up.
    """

    cohort_id: str
    outcomes: tuple[Outcome | None, ...] = ()
    replaced: int = 0
    agreements: tuple[AgreementRecord, ...] = ()
    windows: tuple[WindowRecord, ...] = ()
    responses: tuple[ResponseRecord, ...] = ()
    asked: dict[str, int] = Field(default_factory=dict)
    people: tuple[PersonRecord, ...] = ()
    pairs: tuple[PairRecord, ...] = ()
    applications: tuple[ApplicationRecord, ...] = ()
    inquiries: int = 0
    recommended: int = 0
    took_up: tuple[str, ...] = ()
