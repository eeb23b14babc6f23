"""Campaigns: the emails a cohort sends to many people before its mentorships begin."""

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.cohort.messages import CohortCall, CohortDates
from schemas.enums import CampaignKind


class Campaign(TemporalModel):
    """An email to many people at one moment; ``number`` is 0 for the first and 1, 2, … for reminders."""

    kind: CampaignKind
    at: AwareDatetime
    number: int = 0


class CampaignCall(CohortCall):
    """Ask an activity to run a campaign: to find its recipients and to email each of them once."""

    campaign: Campaign


class CampaignResult(TemporalModel):
    """The result of a campaign: how many emails it has, and how many answers or places are still missing."""

    enqueued: int = 0
    missing: int = 0


class PlanCohort(CohortCall):
    """Ask for a cohort's plan; ``published_at`` are the moments at which staff published matches."""

    published_at: tuple[AwareDatetime, ...] = ()


class CohortPlan(TemporalModel):
    """A cohort's dates, and the campaigns before its mentorships begin.

    ``accepts_applications`` says that people apply on the pages, ``sends_proposals`` that both sides are asked before a
    match is final. ``kickoff_fingerprint`` stands for the place and time of the kickoff.
    """

    dates: CohortDates
    campaigns: tuple[Campaign, ...] = ()
    accepts_applications: bool = False
    sends_proposals: bool = False
    kickoff_fingerprint: str = ""


class ProposalAnswersSummary(TemporalModel):
    """What staff have to settle about a cohort's proposals.

    ``declined`` and ``asked`` count the proposals somebody declined or asked about since staff were last told,
    ``unanswered`` those that still lack an answer of one side, ``final`` those that stand.
    """

    declined: int = 0
    asked: int = 0
    unanswered: int = 0
    final: int = 0
