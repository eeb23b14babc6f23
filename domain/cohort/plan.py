"""The plan of a cohort before its mentorships begin, and what a new plan changes in the cohort's state."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.cohort.campaigns import campaign_name, notice_of_change_at, planned_campaigns
from domain.cohort.dates import cohort_dates
from domain.kickoff.fingerprint import kickoff_fingerprint
from schemas.cohort.campaigns import Campaign, CampaignRun, CohortPlan
from schemas.cohort.messages import CohortDates, CohortRecovery
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.enums import CampaignKind


def cohort_plan(settings: CohortSettings, published_at: Sequence[datetime], now: datetime) -> CohortPlan:
    """Return the plan of a cohort by its settings."""
    return CohortPlan(
        dates=cohort_dates(settings),
        campaigns=planned_campaigns(settings, published_at),
        accepts_applications=settings.applications is not None,
        sends_proposals=settings.proposals is not None,
        kickoff_fingerprint=kickoff_fingerprint(settings),
        notice_at=notice_of_change_at(settings, now),
        time_zone=settings.time_zone,
    )


def with_plan(state: CohortState, plan: CohortPlan, now: datetime) -> CohortState:
    """Return a cohort's state with its newest plan; the workflow and every preview take it in here.

    Once the mentorships have started, digests and reports follow them and not the settings.
    """
    before = state.plan
    started = before is not None and state.stage.started
    planned_at = state.planned_at if before and before.campaigns == plan.campaigns else now
    changes: dict[str, object] = {
        "plan": plan.model_copy(update={"dates": before.dates}) if before and started else plan,
        "planned_at": planned_at,
        "kickoff_notice": _notice(state, plan, now),
    }
    if not state.are_invited or started:
        changes["kickoff_fingerprint"] = plan.kickoff_fingerprint
    return state.model_copy(update=changes)


def awaits_attendance(state: CohortState, dates: CohortDates, now: datetime) -> bool:
    """Tell whether the mentorships wait until staff say who was there."""
    return dates.starts_by > now and not state.attendance_confirmed


def with_run(state: CohortState, campaign: Campaign, now: datetime) -> CohortState:
    """Return a cohort's state after a campaign has run."""
    run = CampaignRun(kind=campaign.kind, number=campaign.number, ran_at=now)
    changes: dict[str, object] = {"campaign_runs": (*state.campaign_runs, run)}
    if campaign.kind is CampaignKind.KICKOFF_CHANGED and state.plan:
        changes |= {"kickoff_notice": None, "kickoff_fingerprint": state.plan.kickoff_fingerprint}
    return with_done(state, campaign).model_copy(update=changes)


def with_recovery(state: CohortState, recovery: CohortRecovery) -> CohortState:
    """Return a cohort's state once it has heard of what was published and confirmed; it forgets nothing."""
    return state.model_copy(
        update={
            "match_run": max(state.match_run or 0, recovery.match_run or 0) or None,
            "published_run": recovery.published_run or state.published_run,
            "published_at": tuple(sorted({*state.published_at, *recovery.published_at})),
            "attendance_confirmed": state.attendance_confirmed or recovery.attendance_confirmed,
            # Whoever answered meanwhile is counted as one: who and how is read from PostgreSQL.
            "answers_received": state.answers_received + 1,
        }
    )


def with_done(state: CohortState, *campaigns: Campaign) -> CohortState:
    """Return a cohort's state after campaigns have run or were skipped."""
    names = (campaign_name(campaign) for campaign in campaigns)
    done = state.campaigns_done
    return state.model_copy(update={"campaigns_done": (*done, *(name for name in names if name not in done))})


def _notice(state: CohortState, plan: CohortPlan, now: datetime) -> Campaign | None:
    """Return the campaign that tells people about a new kickoff: once per change, and not about one taken back."""
    if state.stage.started or not state.are_invited or plan.kickoff_fingerprint == state.kickoff_fingerprint:
        return None
    if state.kickoff_notice and state.plan and state.plan.kickoff_fingerprint == plan.kickoff_fingerprint:
        return state.kickoff_notice
    at = plan.notice_at or now
    notice = Campaign(kind=CampaignKind.KICKOFF_CHANGED, at=at, until=plan.dates.kickoff_at, since=now)
    # Names go by the minute, and what is corrected within it is told all the same.
    while campaign_name(notice) in state.campaigns_done:
        notice = notice.model_copy(update={"at": notice.at + timedelta(minutes=1)})
    return notice
