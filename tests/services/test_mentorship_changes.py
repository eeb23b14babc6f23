"""What staff change about a mentorship: the workflow says the effect, and a preview says it to staff."""

from datetime import UTC, date, datetime

import pytest

from schemas.applications.people import Person
from schemas.audit_event import AuditFilter
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind, Recipient, Side
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.changes import ExtendRequest, ResumeRequest
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import Forecast
from schemas.mentorship.what_if import MovedEmail, WhatIf
from services.context import ServiceContext
from services.mentorships.changes import make_change, preview_change
from storage import audit
from tests.services.conftest import ACTOR, COHORT, FakeTemporal

ID = f"{COHORT}-001"
JULY, AUGUST = datetime(2019, 7, 22, 14, tzinfo=UTC), datetime(2019, 8, 22, 14, tzinfo=UTC)


def forecast(at: datetime, to: Recipient) -> Forecast:
    return Forecast(at=at, to=to, kind=EmailKind.CHECK_IN, why="due", if_nobody_replies="a reminder")


EFFECT = WhatIf(
    ends_on_before=date(2020, 11, 10),
    ends_on=date(2021, 2, 10),
    added=(forecast(AUGUST, Recipient.MENTEE),),
    moved=(MovedEmail(email=forecast(JULY, Recipient.MENTOR), before=AUGUST),),
    dropped=(forecast(AUGUST, Recipient.STAFF),),
)


@pytest.fixture
def pair(settings: CohortSettings) -> MentorshipPair:
    mentor, mentee = (
        Person(id=id_, side=side, name="A B", email=f"{id_}@example.org", library="L", town="Ely", role="Clerk")
        for id_, side in (("M01", Side.MENTOR), ("P01", Side.MENTEE))
    )
    days = {"starts_on": date(2019, 5, 10), "ends_on": date(2020, 11, 10)}
    return MentorshipPair(mentorship_id=ID, cohort=settings, mentor=mentor, mentee=mentee, goals=(), **days)


async def test_preview_says_the_new_end_whom_it_emails_and_that_it_cannot_be_undone(
    context: ServiceContext, temporal: FakeTemporal, pair: MentorshipPair
) -> None:
    temporal.answers["what_if"] = EFFECT
    previewed = await preview_change(context, pair, ExtendRequest(months=3))
    assert previewed.effect == EFFECT
    assert previewed.preview.changes == (f"{ID} would end on 2021-02-10, instead of 2020-11-10.",)
    assert [(email.to, email.at) for email in previewed.preview.emails] == [("mentor", JULY), ("mentee", AUGUST)]
    assert previewed.preview.way_back is None
    assert temporal.messages == []


async def test_preview_of_what_can_be_undone_says_how(
    context: ServiceContext, temporal: FakeTemporal, pair: MentorshipPair
) -> None:
    temporal.answers["what_if"] = EFFECT
    previewed = await preview_change(context, pair, ResumeRequest())
    assert previewed.preview.way_back == "pause it again"


async def test_change_is_made_by_the_workflow_and_recorded_with_its_actor(
    context: ServiceContext, temporal: FakeTemporal, pair: MentorshipPair, cohort: str
) -> None:
    temporal.answers["what_if"] = EFFECT
    await make_change(context, ACTOR, pair, ExtendRequest(months=3), note="sabbatical")
    assert temporal.messages == [(mentorship_workflow_id(ID), "extend")]
    [event] = await audit.events(context.pool, AuditFilter(cohort_id=cohort))
    assert (event.actor, event.action, event.mentorship_id) == (ACTOR, "extended", ID)
    assert event.details == {"months": 3, "note": "sabbatical"}
