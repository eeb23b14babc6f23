"""The months before a kickoff: people get campaigns, say yes to their matches, and begin."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest_asyncio

from domain.applications.review import missing_intake_answers
from domain.applications.window import window_state
from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import Environment
from rehearsal.inbox import plain_text
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.enums import ApplicationStatus, CohortStage, Commitment, EmailKind, RsvpStatus, Side, WindowState
from schemas.personas import Persona, PersonaScript
from storage import applicants, cohorts, kickoff, mentorships, outbox
from storage.proposals import proposals
from tests.workflows.conftest import StepCounter

COHORT = "before-kickoff"


@pytest_asyncio.fixture(scope="module")
async def gathered(environment: Environment, mile_2019: CohortFolder) -> CohortOverview:
    """Four participants of MILE 2019, P02 to P05, and all mentors, up to the start of their mentorships.

    M14, who is matched with P02 at first, declines.
    """
    settings = mile_2019.settings.model_copy(update={"id": COHORT})
    personas = {**mile_2019.personas, "M14": PersonaScript(persona=Persona.DECLINES)}
    folder = mile_2019.model_copy(
        update={"settings": settings, "mentees": mile_2019.mentees[1:5], "personas": personas}
    )
    simulation = CohortSimulation(environment, folder, seed=1, observer=StepCounter())
    _, where = await simulation.run_until_kickoff()
    return where


async def test_the_mentorships_start_on_kickoff_day(gathered: CohortOverview, environment: Environment) -> None:
    assert gathered.stage is CohortStage.RUNNING
    assert gathered.mentorships == len(await mentorships.mentorships(environment.pool, COHORT)) == 4


async def test_a23_every_pair_was_asked_and_each_match_became_final(
    gathered: CohortOverview, environment: Environment
) -> None:
    made = {one.mentee_id: one for one in await proposals(environment.pool, COHORT) if not one.withdrawn_at}
    assert sorted(made) == ["P02", "P03", "P04", "P05"]
    assert all(one.final for one in made.values())
    assert made["P05"].mentee.commitment is None, "P05 is silent"
    assert made["P05"].confirmed_at, "so staff confirmed"
    assert made["P02"].confirmed_at is None
    rows = await outbox.emails_of_cohort(environment.pool, COHORT)
    told = Counter(row["recipient"] for row in rows if row["kind"] == EmailKind.MATCH_FINAL)
    assert told == {"mentor": 4, "mentee": 4}


async def test_a23_a_match_that_was_declined_is_made_anew_and_ends_well(
    gathered: CohortOverview, environment: Environment
) -> None:
    made = {one.mentor_id: one for one in await proposals(environment.pool, COHORT) if one.mentee_id == "P02"}
    assert made["M14"].declined
    assert made["M14"].mentor.commitment is Commitment.DECLINED
    assert made["M14"].mentee.commitment is not Commitment.DECLINED
    assert made["M14"].withdrawn_at
    assert [one.mentor_id for one in made.values() if one.final] == ["M03"]
    assert (gathered.match_run, gathered.published_run) == (2, 2)


async def test_a2_whoever_has_too_few_years_is_told_why_and_left_out(
    gathered: CohortOverview, environment: Environment
) -> None:
    newcomer = await applicants.applicant(environment.pool, COHORT, "A001")
    assert (newcomer.status, newcomer.proposal) == (ApplicationStatus.INELIGIBLE, None)
    assert newcomer.why
    (key,) = (
        row["key"]
        for row in await outbox.emails_of_cohort(environment.pool, COHORT)
        if row["kind"] == EmailKind.APPLICATION_RECEIVED and row["recipient"] == Side.MENTOR
    )
    assert newcomer.why in " ".join(plain_text(environment.inbox.message(environment.settings, key)).split())


async def test_a35_what_an_intake_lacked_is_told_after_one_letter(
    gathered: CohortOverview, environment: Environment
) -> None:
    mentees = {one.id: one for one in await cohorts.mentees(environment.pool, COHORT)}
    assert [one for one, told in mentees.items() if missing_intake_answers(told)] == []
    assert mentees["P03"].hopes.startswith("Between us, said P03")


async def test_a7_b2_the_public_page_was_seen_in_each_state(gathered: CohortOverview, environment: Environment) -> None:
    seen = [page for page in environment.pages_seen.public_pages if page.cohort == COHORT]
    settings = await cohorts.cohort_settings(environment.pool, COHORT)
    assert [(window_state(settings, page.at), page.missing) for page in seen] == [
        (WindowState.NOT_YET_OPEN, 4),
        (WindowState.OPEN, 4),
        (WindowState.OPEN, 0),
        (WindowState.WAITING_LIST, 0),
        (WindowState.CLOSED, 0),
    ]


async def test_a3_who_is_there_was_noted_before_the_mentorships_began(
    gathered: CohortOverview, environment: Environment
) -> None:
    guests = [one for one in await kickoff.guests(environment.pool, COHORT) if one.invited]
    assert len(guests) == 8
    away = [one for one in guests if not one.attended]
    assert {one.attended for one in guests} <= {True, False}
    assert {one.rsvp and one.rsvp.status for one in away} <= {RsvpStatus.NO}
    assert {one.person.side for one in away} <= {Side.MENTOR}


async def test_each_campaign_emails_once_at_nine_to_those_it_concerns(
    gathered: CohortOverview, environment: Environment
) -> None:
    rows = await outbox.emails_of_cohort(environment.pool, COHORT)
    zone = ZoneInfo("America/Chicago")
    written = Counter(
        f"{row['due_at'].astimezone(zone):%Y-%m-%d %H:%M} {row['kind']} to {row['recipient']}"
        for row in rows
        if row["automatic"] and row["scope_id"].partition("/")[0] == COHORT
    )
    assert {row["state"] for row in rows} == {"sent"}
    assert sorted(written.items()) == [
        ("2019-02-01 09:00 intake to mentee", 1),
        ("2019-02-01 09:00 mentors_needed to mentor", 2),
        ("2019-02-08 09:00 mentors_needed to mentor", 2),
        ("2019-03-18 09:00 staff_note to staff", 1),
        ("2019-03-19 09:00 proposal to mentee", 4),
        ("2019-03-19 09:00 proposal to mentor", 4),
        ("2019-03-20 09:00 staff_note to staff", 1),
        ("2019-03-21 09:00 proposal to mentee", 1),
        ("2019-03-21 09:00 proposal to mentor", 1),
        ("2019-03-26 09:00 proposal to mentee", 1),
        ("2019-03-26 09:00 proposal to mentor", 2),
        ("2019-03-29 09:00 proposal to mentee", 1),
        ("2019-03-29 09:00 proposal to mentor", 1),
        ("2019-04-12 09:00 kickoff to mentee", 4),
        ("2019-04-12 09:00 kickoff to mentor", 4),
        ("2019-05-03 09:00 kickoff to mentee", 1),
        ("2019-05-03 09:00 kickoff to mentor", 3),
    ]
