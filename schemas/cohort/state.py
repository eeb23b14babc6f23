"""The state of a cohort's workflow, passed from run to run. Ids, dates and enumerations only."""

from datetime import timedelta

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.cohort.campaigns import Campaign, CampaignHistory, CampaignRun, CohortPlan
from schemas.cohort.messages import FailingActivity
from schemas.enums import CampaignKind, CohortStage


class CohortState(TemporalModel):
    """All state of a cohort: the one argument of its workflow, passed from run to run.

    ``plan`` is the newest plan; its dates are fixed once the mentorships have started. ``published_at`` are the moments
    of publications, ``campaigns_done`` the names of campaigns that ran or were skipped, ``campaign_runs`` those that
    ran, ``planned_at`` when the campaigns were planned as they are. ``kickoff_fingerprint`` stands for the place and
    time of the kickoff as people know it, ``kickoff_notice`` is the campaign that will tell them about a new one.
    ``answers_received`` counts signals about proposals, ``answers_processed`` how many of them were processed.
    ``attendance_asked`` says that staff were asked who was there, ``attendance_confirmed`` that they started the
    mentorships. ``digests_sent`` counts weeks.
    ``failing_activity`` is the one the workflow retries now.
    """

    cohort_id: str
    clock_offset: timedelta = timedelta(0)
    stage: CohortStage = CohortStage.IMPORTING
    plan: CohortPlan | None = None
    match_run: int | None = None
    published_run: int | None = None
    published_at: tuple[AwareDatetime, ...] = ()
    campaigns_done: tuple[str, ...] = ()
    campaign_runs: tuple[CampaignRun, ...] = ()
    planned_at: AwareDatetime | None = None
    kickoff_fingerprint: str = ""
    kickoff_notice: Campaign | None = None
    answers_received: int = 0
    answers_processed: int = 0
    attendance_asked: bool = False
    attendance_confirmed: bool = False
    mentorships: int = 0
    digests_sent: int = 0
    failing_activity: FailingActivity | None = None

    @property
    def has_new_answers(self) -> bool:
        """Tell whether a proposal was answered and that was not processed yet."""
        return self.answers_received > self.answers_processed

    @property
    def proposals_are_out(self) -> bool:
        """Tell whether matches are published that both sides are asked about."""
        return self.plan is not None and self.plan.sends_proposals and self.published_run is not None

    @property
    def are_invited(self) -> bool:
        """Tell whether people were invited to the kickoff."""
        return any(run.kind is CampaignKind.KICKOFF for run in self.campaign_runs)

    @property
    def campaigns(self) -> tuple[Campaign, ...]:
        """Return all campaigns of the plan, and the notice of a new kickoff that waits."""
        planned = self.plan.campaigns if self.plan else ()
        return (*planned, *([self.kickoff_notice] if self.kickoff_notice else []))

    @property
    def history(self) -> CampaignHistory:
        """Return what became of the campaigns so far."""
        return CampaignHistory(done=self.campaigns_done, runs=self.campaign_runs, planned_at=self.planned_at)
