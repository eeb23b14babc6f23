"""What a participant's own page about their mentorship needs to know; it never enters Temporal."""

from datetime import date, datetime

from pydantic import AwareDatetime, Field

from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Outcome, Phase, Side
from schemas.mentorship.responses import AgreementVersion, MentorshipPair


class MentorshipOfPerson(FrozenModel):
    """A mentorship that somebody is in, and on which side."""

    id: str
    side: Side
    partner: str
    outcome: Outcome | None = None
    ends_on: date


class MilestoneForSide(FrozenModel):
    """A milestone as one side sees it: whether they are asked, what they answered, and what their partner shares.

    ``answers`` are this side's newest ones, ``shared`` those of the partner that this side may read. ``closes_at`` is
    when its page takes no more answers; what the plan dropped has closed.
    """

    id: str
    kind: MilestoneKind
    number: int
    asked: bool
    opens_on: date
    closes_on: date
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    answers: dict[str, str] = Field(default_factory=dict)
    answered_at: AwareDatetime | None = None
    shared: dict[str, str] = Field(default_factory=dict)

    def is_open(self, now: datetime) -> bool:
        """Tell whether its page takes answers at a moment (aware)."""
        return self.opens_at <= now < self.closes_at


class MyMentorship(FrozenModel):
    """Everything that somebody's own page shows of one of their mentorships.

    ``mentorships`` are all that the person is in within the cohort, this one among them. ``agreements`` are all
    versions, the newest last.
    """

    cohort: CohortSettings
    pair: MentorshipPair
    side: Side
    phase: Phase
    outcome: Outcome | None = None
    now: AwareDatetime
    milestones: tuple[MilestoneForSide, ...] = ()
    agreements: tuple[AgreementVersion, ...] = ()
    mentorships: tuple[MentorshipOfPerson, ...] = ()
