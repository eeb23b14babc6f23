"""The matches proposed to a cohort's people, and what both sides said to them."""

from pydantic import AwareDatetime

from schemas.applications.applicant import Proposal
from schemas.applications.people import Person
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Commitment, DeclineReason, Side


class SideAnswer(FrozenModel):
    """What one side said to a proposal; ``reason`` and ``question`` are for staff only."""

    commitment: Commitment | None = None
    at: AwareDatetime | None = None
    reason: DeclineReason | None = None
    question: str = ""


class ProposedMatch(FrozenModel):
    """One stored proposal: who, when, both answers, and what became of it.

    ``confirmed_at`` is set where staff made it final, ``withdrawn_at`` where it is no longer among the published
    matches. ``gone`` are the sides that took back their application. What makes a match ``final`` or ``declined`` is
    decided by PostgreSQL, in the view proposed_match.
    """

    mentor_id: str
    mentee_id: str
    run: int
    proposed_at: AwareDatetime
    mentor: SideAnswer = SideAnswer()
    mentee: SideAnswer = SideAnswer()
    confirmed_at: AwareDatetime | None = None
    withdrawn_at: AwareDatetime | None = None
    final: bool
    declined: bool
    gone: tuple[Side, ...] = ()

    def of(self, side: Side) -> SideAnswer:
        """Return what this side said."""
        return self.mentor if side is Side.MENTOR else self.mentee


class OpenedProposal(FrozenModel):
    """A proposal as one side's page shows it.

    ``match`` holds both answers, without what the partner wrote to staff; ``shown`` is what emails and pages say of it.
    """

    cohort: CohortSettings
    person: Person
    match: ProposedMatch
    shown: Proposal

    @property
    def mine(self) -> SideAnswer:
        """Return what this side said itself."""
        return self.match.of(self.person.side)

    @property
    def final(self) -> bool:
        """Tell whether the match is final."""
        return self.match.final


class QuestionReply(FrozenModel):
    """What staff answered to a question about a proposed match, by email."""

    mentor_id: str
    mentee_id: str
    side: Side
    question: str
    text: str
    replied_at: AwareDatetime


class SavedAnswer(FrozenModel):
    """The result of storing an answer; ``changed`` is false where the same was sent again."""

    changed: bool
    final: bool
