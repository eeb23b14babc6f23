"""A cohort on its way through the engine: all it remembers gets into the next run, and what an older release left."""

from datetime import UTC, datetime, timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from schemas.cohort.campaigns import Campaign, CohortPlan
from schemas.cohort.messages import CohortDates, FailingActivity
from schemas.cohort.state import CohortState, DeferredEmail
from schemas.enums import CampaignKind, CohortStage, EmailKind, Recipient
from schemas.mentorship.state import EmailRequest

AT = datetime(2019, 3, 19, 14, tzinfo=UTC)
FULL = CohortState(
    cohort_id="mile-2019",
    clock_offset=timedelta(days=-3),
    stage=CohortStage.PUBLISHED,
    plan=CohortPlan(
        dates=CohortDates(kickoff_at=AT, reports_at=AT, followed_up_at=AT, digests_at=(AT,)),
        rounds=(Campaign(kind=CampaignKind.KICKOFF, at=AT),),
        proposes=True,
        place="here",
    ),
    match_run=2,
    published_run=1,
    published_at=(AT,),
    rounds_held=("kickoff-0-2019-03-19T14:00",),
    place="here",
    move=Campaign(kind=CampaignKind.KICKOFF_CHANGED, at=AT),
    answers=3,
    answers_seen_to=2,
    mentorships=12,
    digests_sent=4,
    put_off=(
        DeferredEmail(note=EmailRequest(key="a", kind=EmailKind.STAFF_NOTE, to=Recipient.STAFF, at=AT), since=AT),
    ),
    refused=FailingActivity(activity="run_campaign", since=AT),
)
# What the first release began a cohort with.
OLDER = {"cohort_id": "mile-2019", "stage": "importing", "rounds_held": [], "place": "", "mentorships": 0}


def _read(payload: object) -> object:
    converter = pydantic_data_converter.payload_converter
    (back,) = converter.from_payloads(converter.to_payloads([payload]), [CohortState])
    return back


def test_every_field_of_the_state_makes_the_journey() -> None:
    assert _read(FULL) == FULL
    assert {name for name, field in CohortState.model_fields.items() if getattr(FULL, name) == field.default} == set()


def test_state_of_the_first_release_is_still_understood() -> None:
    assert _read(OLDER) == CohortState(cohort_id="mile-2019")
