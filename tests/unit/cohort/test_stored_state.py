"""The stored state of a cohort: what one run passes to the next, and what an older release stored."""

from datetime import UTC, datetime, timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from schemas.cohort.campaigns import Campaign, CampaignRun, CohortPlan
from schemas.cohort.messages import CohortDates, FailingActivity
from schemas.cohort.state import CohortState
from schemas.enums import CampaignKind, CohortStage

AT = datetime(2019, 3, 19, 14, tzinfo=UTC)
FULL = CohortState(
    cohort_id="mile-2019",
    clock_offset=timedelta(days=-3),
    stage=CohortStage.PUBLISHED,
    plan=CohortPlan(
        dates=CohortDates(kickoff_at=AT, starts_by=AT, reports_at=AT, followed_up_at=AT, digests_at=(AT,)),
        campaigns=(Campaign(kind=CampaignKind.KICKOFF, at=AT),),
        sends_proposals=True,
        kickoff_fingerprint="here",
    ),
    match_run=2,
    published_run=1,
    published_at=(AT,),
    campaigns_done=("kickoff-0-2019-03-19T14:00",),
    campaign_runs=(CampaignRun(kind=CampaignKind.KICKOFF, ran_at=AT),),
    planned_at=AT,
    kickoff_fingerprint="here",
    kickoff_notice=Campaign(kind=CampaignKind.KICKOFF_CHANGED, at=AT),
    answers_received=3,
    answers_processed=2,
    attendance_asked=True,
    attendance_confirmed=True,
    mentorships=12,
    digests_sent=4,
    failing_activity=FailingActivity(activity="run_campaign", since=AT),
)
# What the first release began a cohort with.
OLDER = {
    "cohort_id": "mile-2019",
    "stage": "importing",
    "campaigns_done": [],
    "kickoff_fingerprint": "",
    "mentorships": 0,
}


def _read(payload: object) -> object:
    converter = pydantic_data_converter.payload_converter
    (back,) = converter.from_payloads(converter.to_payloads([payload]), [CohortState])
    return back


def test_every_field_of_the_state_makes_the_journey() -> None:
    assert _read(FULL) == FULL
    assert {name for name, field in CohortState.model_fields.items() if getattr(FULL, name) == field.default} == set()


def test_state_of_the_first_release_is_still_understood() -> None:
    assert _read(OLDER) == CohortState(cohort_id="mile-2019")
