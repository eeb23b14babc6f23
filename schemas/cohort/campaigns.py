"""Campaigns: the emails a cohort sends to many people before its mentorships begin."""

from pydantic import AwareDatetime

from schemas.base import FrozenModel, TemporalModel
from schemas.cohort.messages import CohortCall, CohortDates
from schemas.enums import CampaignKind, Side, SkipReason


class Campaign(TemporalModel):
    """An email to many people at one moment; ``number`` is 0 for the first and 1, 2, … for reminders.

    From ``until`` on, what it says is over; without one it never is. A change that it tells of happened at ``since``:
    whoever is emailed after that knows it.
    """

    kind: CampaignKind
    at: AwareDatetime
    number: int = 0
    until: AwareDatetime | None = None
    since: AwareDatetime | None = None


class CampaignRun(TemporalModel):
    """A campaign that ran: which one, and when."""

    kind: CampaignKind
    number: int = 0
    ran_at: AwareDatetime


class SkippedCampaign(TemporalModel):
    """A campaign that does not run, and why."""

    campaign: Campaign
    why: SkipReason


class CampaignHistory(TemporalModel):
    """What became of a cohort's campaigns: ``done`` are the names of those that ran or were skipped.

    ``planned_at`` is the moment of the newest plan: a campaign of an earlier moment was over before it was planned.
    """

    done: tuple[str, ...] = ()
    runs: tuple[CampaignRun, ...] = ()
    planned_at: AwareDatetime | None = None


class DueCampaigns(TemporalModel):
    """What is due at a moment: the campaigns to run, and those to skip."""

    run: tuple[Campaign, ...] = ()
    skipped: tuple[SkippedCampaign, ...] = ()


class CampaignCall(CohortCall):
    """Ask an activity to run a campaign: to find its recipients and to email each of them once."""

    campaign: Campaign


class CampaignResult(TemporalModel):
    """The result of a campaign: how many emails it has, and how many answers or places are still missing."""

    enqueued: int = 0
    missing: int = 0


class RecordSkipped(CohortCall):
    """Ask to record which campaigns were skipped, and why."""

    skipped: tuple[SkippedCampaign, ...]


class PlanCohort(CohortCall):
    """Ask for a cohort's plan; ``published_at`` are the moments at which staff published matches."""

    published_at: tuple[AwareDatetime, ...] = ()


class CohortPlan(TemporalModel):
    """A cohort's dates, and the campaigns before its mentorships begin.

    ``accepts_applications`` says that people apply on the pages, ``sends_proposals`` that both sides are asked before a
    match is final. ``kickoff_fingerprint`` stands for the place and time of the kickoff; people who were invited to
    another one are told at ``notice_at``.
    """

    dates: CohortDates
    campaigns: tuple[Campaign, ...] = ()
    accepts_applications: bool = False
    sends_proposals: bool = False
    kickoff_fingerprint: str = ""
    notice_at: AwareDatetime | None = None
    time_zone: str = "America/Chicago"


class ProposalAnswersSummary(TemporalModel):
    """What staff have to settle about a cohort's proposals.

    ``declined`` and ``asked`` count the proposals somebody declined or asked about since staff were last told,
    ``unanswered`` those that still lack an answer of one side, ``final`` those that stand.
    """

    declined: int = 0
    asked: int = 0
    unanswered: int = 0
    final: int = 0


class Prospect(FrozenModel):
    """Somebody of an earlier cohort, on one side there, who may be asked to mentor in another one (A18, B2)."""

    cohort_id: str
    person_id: str
    side: Side
    name: str
