"""Two cohorts that overlap, each by its own settings, from the first day of the window to the last follow-up."""

import asyncio
from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import pytest_asyncio

from domain.calendar import months_after, morning
from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import Environment
from rehearsal.pre_kickoff_simulation import Newcomer
from rehearsal.program_events import program_events
from schemas.applications.people import MentorApplication
from schemas.cohort.folder import CohortFolder
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    HalfDay,
    HalfDaySession,
    Institute,
    ProgramContact,
)
from schemas.enums import ApplicationStatus, CohortStage, EmailKind, Outcome
from storage import applicants, cohorts, mentorships, outbox, reports
from tests.workflows.conftest import StepCounter

EARLIER, LATER = "class-of-2019", "class-of-2020"
KICKOFF_2020 = date(2020, 5, 8)


def with_own_addresses(folder: CohortFolder) -> CohortFolder:
    """Return MILE 2019 with addresses nobody else has: other tests of this stack know the same people."""
    sides = {
        side: tuple(person.model_copy(update={"email": f"two.{person.email}"}) for person in getattr(folder, side))
        for side in ("mentors", "mentees")
    }
    return folder.model_copy(update=sides)


def of_2019(mile_2019: CohortFolder) -> CohortFolder:
    """Three participants and three imported mentors of MILE 2019; two more mentors apply through the pages."""
    return mile_2019.model_copy(
        update={
            "settings": mile_2019.settings.model_copy(update={"id": EARLIER}),
            "mentors": mile_2019.mentors[:3],
            "mentees": mile_2019.mentees[1:4],
        }
    )


def of_2020(mile_2019: CohortFolder) -> CohortFolder:
    """Another place and contact, a year instead of 18 months, no proposals, two half days, no waiting list."""
    old = mile_2019.settings
    settings = CohortSettings(
        id=LATER,
        title="2020 Mentorship Program",
        time_zone="America/Denver",
        institute=Institute(
            venue="Gunflint Lodge", town="Grand Marais", first_day=date(2020, 5, 6), last_day=KICKOFF_2020
        ),
        contact=ProgramContact(role="Mentorship Coordinator", email="coordinator@example.org"),
        applications=ApplicationWindow(opens_on=date(2020, 1, 15), closes_on=date(2020, 2, 28), waiting_list=False),
        session=HalfDaySession(
            half_days=(
                HalfDay(id="thursday", label="Thursday", day=date(2020, 5, 7), begins=time(13), ends=time(17)),
                HalfDay(id="friday", label="Friday", day=KICKOFF_2020, begins=time(8), ends=time(12)),
            )
        ),
        timeline=old.timeline.model_copy(
            update={"months": 12, "check_in_every_months": 4, "goal_check_in_every_months": 4}
        ),
    )
    return mile_2019.model_copy(update={"settings": settings, "mentors": (), "mentees": mile_2019.mentees[4:6]})


def newcomers(settings: CohortSettings, mentors: tuple[MentorApplication, ...]) -> list[Newcomer]:
    """Have mentors apply one day after the other, from the second day of the window on."""
    assert settings.applications
    first = settings.applications.opens_on + timedelta(days=1)
    return [
        Newcomer(at=morning(first + timedelta(days=number), settings.time_zone), application=mentor)
        for number, mentor in enumerate(mentors)
    ]


@pytest_asyncio.fixture(scope="module")
async def both(environment: Environment, mile_2019: CohortFolder) -> asyncpg.Pool:
    """Both cohorts, lived to their ends; the later one begins when the earlier one's mentorships run."""
    mile_2019 = with_own_addresses(mile_2019)
    earlier, later = of_2019(mile_2019), of_2020(mile_2019)
    first = CohortSimulation(
        environment,
        earlier,
        seed=3,
        observer=StepCounter(),
        newcomers=newcomers(earlier.settings, mile_2019.mentors[3:5]),
    )
    second = CohortSimulation(
        environment, later, seed=4, observer=StepCounter(), newcomers=newcomers(later.settings, mile_2019.mentors[6:9])
    )
    begun = await first.run_until_kickoff()
    async with asyncio.TaskGroup() as group:
        group.create_task(first.run_mentorships(*begun))
        group.create_task(second.run())
    return environment.pool


async def test_both_cohorts_are_closed_and_have_their_reports(both: asyncpg.Pool) -> None:
    stages = await cohorts.stages(both)
    assert (stages[EARLIER], stages[LATER]) == (CohortStage.CLOSED, CohortStage.CLOSED)
    for cohort, pairs in ((EARLIER, 3), (LATER, 2)):
        report = await reports.report(both, cohort)
        assert report
        assert report.mentorships == pairs


@pytest.mark.parametrize(("cohort", "months"), [(EARLIER, 18), (LATER, 12)])
async def test_a6_each_cohorts_mentorships_last_as_long_as_it_says(
    both: asyncpg.Pool, cohort: str, months: int
) -> None:
    kickoff = (await cohorts.cohort_settings(both, cohort)).kickoff_day
    for row in await mentorships.mentorships(both, cohort):
        assert row["starts_on"] == kickoff
        if row["mentee_id"] != "P04":
            assert row["ends_on"] == months_after(kickoff, months), "P04 pauses"
        assert row["outcome"] == Outcome.COMPLETED


@pytest.mark.parametrize(("cohort", "applied"), [(EARLIER, 2), (LATER, 3)])
async def test_a7_mentors_applied_through_the_pages_and_were_accepted(
    both: asyncpg.Pool, cohort: str, applied: int
) -> None:
    ids = [person.id for person in await cohorts.mentors(both, cohort) if person.id.startswith("A")]
    assert len(ids) == applied
    for person in ids:
        found = await applicants.applicant(both, cohort, person)
        assert found.status is ApplicationStatus.ACCEPTED
        assert found.submitted_at
        assert found.submitted_at.date() <= (await _window(both, cohort)).closes_on


async def test_b2_mentors_of_the_earlier_class_are_asked_again_until_there_are_enough(both: asyncpg.Pool) -> None:
    rows = [row for row in await outbox.emails_of_cohort(both, LATER) if row["kind"] == EmailKind.MENTORS_NEEDED]
    pairs = await mentorships.mentorships(both, EARLIER)
    asked = {row["scope_id"] for row in rows if EARLIER in row["scope_id"]}
    assert asked == {f"{LATER}/{EARLIER}.{pair['mentor_id']}" for pair in pairs}
    assert Counter(row["scope_id"] for row in rows).most_common(1)[0][1] == 1, "there were enough within the week"


async def test_a21_a41_each_email_carries_its_own_cohorts_contact(both: asyncpg.Pool, environment: Environment) -> None:
    for cohort, own in ((EARLIER, "mentorship.chair@example.org"), (LATER, "coordinator@example.org")):
        rows = await outbox.emails_of_cohort(both, cohort)
        settings = await cohorts.cohort_settings(both, cohort)
        next_one = program_events(settings).contact
        assert len(rows) > 40
        for row in rows:
            message = environment.inbox.message(environment.settings, row["key"])
            day = row["due_at"].astimezone(ZoneInfo(settings.time_zone)).date()
            contact = next_one.email if day >= next_one.starts_on else own
            assert contact in str(message["Reply-To"]) or contact in str(message["To"]), row["key"]


async def test_automatic_emails_keep_office_hours_of_their_own_place(both: asyncpg.Pool) -> None:
    for cohort, zone in ((EARLIER, "America/Chicago"), (LATER, "America/Denver")):
        for row in await outbox.emails_of_cohort(both, cohort):
            if row["automatic"] and row["state"] == "sent":
                local: datetime = row["due_at"].astimezone(ZoneInfo(zone))
                assert (local.hour, local.minute, local.weekday() < 5) == (9, 0, True), row["key"]


async def test_no_key_is_sent_twice(both: asyncpg.Pool, environment: Environment) -> None:
    keys = [row["key"] for cohort in (EARLIER, LATER) for row in await outbox.emails_of_cohort(both, cohort)]
    assert len(set(keys)) == len(keys)
    ids = Counter(str(message["Message-ID"]) for message in environment.inbox.messages)
    assert {ids[str(environment.inbox.message(environment.settings, key)["Message-ID"])] for key in keys} == {1}


async def _window(pool: asyncpg.Pool, cohort: str) -> ApplicationWindow:
    window = (await cohorts.cohort_settings(pool, cohort)).applications
    assert window
    return window
