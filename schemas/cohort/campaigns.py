"""What a cohort does for all its people at once before its mentorships begin."""

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.cohort.messages import CohortCall, CohortDates
from schemas.enums import CampaignKind


class Campaign(TemporalModel):
    """One moment at which a cohort writes to many; ``number`` is 0 the first time and 1, 2, … for reminders."""

    kind: CampaignKind
    at: AwareDatetime
    number: int = 0


class CampaignCall(CohortCall):
    """Ask an activity to hold a round: to find everybody it concerns and to write to each of them once."""

    round: Campaign


class CampaignResult(TemporalModel):
    """What a round came to: how many emails left, and how many people or places still lack what it is about."""

    sent: int = 0
    missing: int = 0


class PlanCohort(CohortCall):
    """Ask for a cohort's plan; ``published_at`` are the moments at which staff published matches."""

    published_at: tuple[AwareDatetime, ...] = ()


class CohortPlan(TemporalModel):
    """What lies ahead of a cohort: its dates, and the rounds it holds before its mentorships begin.

    ``applies`` says that people apply here, ``proposes`` that both sides are asked before a match stands; ``place`` is
    a fingerprint of where and when the kickoff is.
    """

    dates: CohortDates
    rounds: tuple[Campaign, ...] = ()
    applies: bool = False
    proposes: bool = False
    place: str = ""


class ProposalAnswersSummary(TemporalModel):
    """What staff have to settle about a cohort's proposals.

    ``declined`` and ``asked`` count the proposals somebody declined or asked about since staff were last told,
    ``unanswered`` those that still lack an answer of one side, ``final`` those that stand.
    """

    declined: int = 0
    asked: int = 0
    unanswered: int = 0
    final: int = 0
