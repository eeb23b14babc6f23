"""Around the kickoff: who comes, who was there, what is printed, and whose mentorship staff start later."""

from datetime import UTC, datetime, time

import asyncpg
import pytest

from schemas.applications.applicant import Rsvp
from schemas.audit_event import AuditEvent, AuditFilter
from schemas.cohort.settings import CohortSettings, HalfDay, HalfDaySession
from schemas.enums import CohortStage, EmailKind, RsvpStatus
from schemas.errors import Refusal, UnknownCohort
from schemas.ids import cohort_workflow_id
from services.context import ServiceContext
from services.kickoff.attendance import note_attendance, preview_note_attendance
from services.kickoff.printing import names_to_print, pairs_to_print
from services.kickoff.rsvps import GUEST_COLUMNS, export_guests, rsvp_overview
from services.kickoff.starts import preview_start, start
from storage import audit, cohorts, kickoff
from tests.services.conftest import ACTOR, COHORT, FakeTemporal, events_of, publish_pairs


@pytest.fixture
def settings(settings: CohortSettings) -> CohortSettings:
    """A cohort that asks nobody before a match is final, and invites to one half day."""
    half = HalfDay(id="friday", label="The last morning", day=settings.kickoff_day, begins=time(9), ends=time(12))
    return settings.model_copy(update={"session": HalfDaySession(half_days=(half,))})


@pytest.fixture
async def matched(pool: asyncpg.Pool, cohort: str) -> str:
    """The id of a cohort in which M01 and P01, and M02 and P02, are matched for good; M03 and P03 have nobody."""
    await publish_pairs(pool, ("M01", "P01"), ("M02", "P02"))
    return cohort


async def one_event(pool: asyncpg.Pool, cohort: str) -> AuditEvent:
    [event] = await audit.events(pool, AuditFilter(cohort_id=cohort))
    return event


async def set_stage(pool: asyncpg.Pool, cohort: str, stage: CohortStage) -> None:
    await cohorts.set_stage(pool, cohort, stage, datetime.now(UTC))


async def test_preview_of_attendance_changes_nothing(context: ServiceContext, pool: asyncpg.Pool, matched: str) -> None:
    result = await preview_note_attendance(context, matched, {"P01": True, "P02": False})
    assert (result.done, result.changed, result.absent) == (False, ("P01", "P02"), ("P02",))
    # P03, M01 and M02: nobody expects M03, who has no mentee.
    assert result.not_noted == 3
    assert result.preview is not None
    assert result.preview.changes[0] == "Would be noted: P01, P02."
    assert await pool.fetchval("select count(*) from attendance") == 0
    assert await events_of(pool, matched) == []


async def test_attendance_is_noted_once_with_one_event(
    context: ServiceContext, pool: asyncpg.Pool, matched: str
) -> None:
    for _ in range(2):
        result = await note_attendance(context, ACTOR, matched, {"P01": True, "P02": False}, note="from the list")
    assert (result.changed, result.attended, result.absent) == ((), ("P01",), ("P02",))
    event = await one_event(pool, matched)
    assert (event.actor, event.action) == (ACTOR, "attendance_noted")
    assert event.details == {"attended": ["P01"], "absent": ["P02"], "note": "from the list"}


async def test_attendance_of_somebody_unknown_is_refused_with_everything_else(
    context: ServiceContext, pool: asyncpg.Pool, matched: str
) -> None:
    noted = {"P01": True, "P09": True}
    with pytest.raises(Refusal, match="no one with the id P09") as previewed:
        await preview_note_attendance(context, matched, noted)
    with pytest.raises(Refusal) as refused:
        await note_attendance(context, ACTOR, matched, noted)
    assert str(refused.value) == str(previewed.value)
    assert await pool.fetchval("select count(*) from attendance") == 0
    with pytest.raises(UnknownCohort):
        await note_attendance(context, ACTOR, "other", noted)


async def test_preview_of_a_start_says_who_starts_who_waits_and_why(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, matched: str
) -> None:
    await set_stage(pool, matched, CohortStage.RUNNING)
    await note_attendance(context, ACTOR, matched, {"P02": False})
    result = await preview_start(context, matched)
    assert (result.done, result.starting, result.mentorships) == (False, ("M01:P01",), 0)
    assert result.held_back == {"M02:P02": "P02 was noted absent"}
    assert result.preview is not None
    assert [(email.to, email.kind) for email in result.preview.emails] == [
        ("staff", EmailKind.STAFF_NOTE),
        ("M01", EmailKind.WELCOME),
        ("P01", EmailKind.WELCOME),
    ]
    assert temporal.messages == []


async def test_start_is_made_by_the_workflow_and_audited(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, matched: str
) -> None:
    temporal.results["start"] = 2
    result = await start(context, ACTOR, matched, note="both came late")
    assert (result.done, result.starting, result.held_back, result.mentorships) == (True, ("M01:P01", "M02:P02"), {}, 2)
    assert temporal.messages == [(cohort_workflow_id(COHORT), "start")]
    event = await one_event(pool, matched)
    assert (event.actor, event.action) == (ACTOR, "started")
    assert event.details == {"started": ["M01:P01", "M02:P02"], "mentorships": 2, "note": "both came late"}


async def test_start_is_refused_before_the_kickoff_without_pairs_and_once_the_cohort_is_over(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    for step in (preview_start(context, cohort), start(context, ACTOR, cohort)):
        with pytest.raises(Refusal, match="has no published matches"):
            await step
    await publish_pairs(pool, ("M01", "P01"))
    with pytest.raises(Refusal, match="can start on kickoff day and not before"):
        await preview_start(context, cohort)
    temporal.running.clear()
    with pytest.raises(Refusal, match="has no running workflow"):
        await preview_start(context, cohort)
    assert (await events_of(pool, cohort), temporal.messages) == ([], [])


async def test_cards_are_printed_for_final_matches_and_their_number_is_audited(
    context: ServiceContext, pool: asyncpg.Pool, matched: str
) -> None:
    await pool.execute("update application set status = 'withdrawn' where person_id = 'M02'")
    printable = await pairs_to_print(context, ACTOR, matched)
    assert [(pair.mentor.id, pair.mentee.id) for pair in printable.pairs] == [("M01", "P01")]
    assert printable.without == ("M02:P02",)
    event = await one_event(pool, matched)
    assert (event.actor, event.action, event.details) == (ACTOR, "pair_cards_written", {"cards": 1})


async def test_pair_that_is_not_published_and_one_that_is_not_final_have_no_card(
    context: ServiceContext, pool: asyncpg.Pool, matched: str
) -> None:
    with pytest.raises(Refusal, match="M03:P03 is no published pair"):
        await pairs_to_print(context, ACTOR, matched, (("M03", "P03"),))
    await pool.execute("update application set status = 'withdrawn' where person_id = 'M02'")
    with pytest.raises(Refusal, match="there is no card to write"):
        await pairs_to_print(context, ACTOR, matched, (("M02", "P02"),))
    assert await events_of(pool, matched) == []


async def test_name_tags_are_for_mentees_and_for_mentors_with_a_pair_who_have_not_said_no(
    context: ServiceContext, pool: asyncpg.Pool, matched: str
) -> None:
    await kickoff.save_rsvp(pool, matched, "M02", Rsvp(status=RsvpStatus.NO), datetime.now(UTC))
    printable = await names_to_print(context, ACTOR, matched)
    assert [person.id for person in printable.people] == ["M01", "P01", "P02", "P03"]
    event = await one_event(pool, matched)
    assert (event.actor, event.action, event.details) == (ACTOR, "name_tags_written", {"tags": 4})


async def test_guests_are_counted_without_their_needs_which_only_an_audited_export_has(
    context: ServiceContext, pool: asyncpg.Pool, matched: str
) -> None:
    rsvp = Rsvp(status=RsvpStatus.YES, half_day="friday", meals="Vegetarian", access="Captions")
    await kickoff.save_rsvp(pool, matched, "P01", rsvp, datetime.now(UTC))
    overview = await rsvp_overview(context, matched)
    assert (overview.invited, overview.yes, overview.no, overview.unsure, overview.silent) == (4, 1, 0, 0, 3)
    assert not {"Vegetarian", "Captions"} & set(overview.model_dump_json().split('"'))
    assert await events_of(pool, matched) == []
    rows = [dict(zip(GUEST_COLUMNS, row, strict=True)) for row in await export_guests(context, ACTOR, matched)]
    [guest] = [row for row in rows if row["id"] == "P01"]
    assert (guest["rsvp"], guest["half_day"], guest["meals"]) == ("yes", "The last morning", "Vegetarian")
    event = await one_event(pool, matched)
    assert (event.actor, event.action, event.details) == (ACTOR, "rsvp_exported", {"people": 4})


async def test_cohort_without_a_session_has_no_guests(
    context: ServiceContext, pool: asyncpg.Pool, matched: str, settings: CohortSettings
) -> None:
    await cohorts.save_settings(pool, settings.model_copy(update={"session": None}), datetime.now(UTC))
    for step in (rsvp_overview(context, matched), export_guests(context, ACTOR, matched)):
        with pytest.raises(Refusal, match="has no half-day session"):
            await step
    assert await events_of(pool, matched) == []
