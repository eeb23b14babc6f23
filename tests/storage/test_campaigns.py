"""Recipients of campaigns: past mentors, unfinished applications, missing answers, open proposals."""

import json
from datetime import date, datetime, timedelta

import asyncpg
import pytest

from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Institute
from schemas.enums import Commitment, Side
from schemas.errors import Refusal
from storage import campaigns, cohorts

LATER, KICKOFF = "mile-2021", date(2021, 5, 7)
HOSTS = {("mile-2019", "M01"), ("mile-2019", "M02"), ("mile-2019", "M03")}


@pytest.fixture
async def next_class(pool: asyncpg.Pool, settings: CohortSettings, pairs: tuple[str, ...], now: datetime) -> str:
    """The id of a class that comes after the one whose three mentors have begun."""
    institute = Institute(venue="Lodge", town="Ely", last_day=KICKOFF)
    later = settings.model_copy(update={"id": LATER, "title": "2021", "institute": institute})
    await cohorts.save_cohort(pool, later, (), (), now)
    return LATER


async def asked(pool: asyncpg.Pool, sit_out_years: int) -> set[tuple[str, str]]:
    found = await campaigns.people_to_ask(pool, LATER, KICKOFF, sit_out_years=sit_out_years)
    return {(one.cohort_id, one.person_id) for one in found}


async def recipients(pool: asyncpg.Pool) -> set[tuple[str, str]]:
    return await asked(pool, 2)


async def closes_with(pool: asyncpg.Pool, mentorship: str, again: str, at: datetime) -> None:
    await pool.execute(
        "insert into milestone (mentorship_id, id, kind, number, asked, opens_on, closes_on, opens_at, closes_at)"
        " values ($1, 'closure_survey', 'closure_survey', 0, '{mentor}', $2, $2, $3, $3) on conflict do nothing",
        mentorship,
        at.date(),
        at,
    )
    await pool.execute(
        "insert into response"
        " (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload, received_at)"
        " select $1, 1 + count(*), $2, 'closure_survey', 'mentor', 'closure_survey', $3, '{}', $4"
        " from response where id = $1",
        f"{mentorship}/closure_survey/mentor",
        mentorship,
        json.dumps({"again": again}),
        at,
    )


@pytest.mark.usefixtures("next_class")
async def test_mentors_of_earlier_classes_are_asked_and_not_those_of_the_class_itself(pool: asyncpg.Pool) -> None:
    assert await recipients(pool) == HOSTS
    assert await campaigns.people_to_ask(pool, "mile-2019", date(2019, 5, 10), sit_out_years=0) == ()
    assert await campaigns.people_to_ask(pool, LATER, date(2019, 5, 10), sit_out_years=0) == ()


@pytest.mark.usefixtures("next_class")
async def test_mentor_who_applied_or_began_to_is_not_asked(
    pool: asyncpg.Pool, now: datetime, mentors: tuple[MentorApplication, ...], settings: CohortSettings
) -> None:
    again = mentors[0].model_copy(update={"id": "A001", "email": "M1@EXAMPLE.org"})
    later = settings.model_copy(update={"id": LATER})
    await cohorts.save_cohort(pool, later, (again,), (), now)
    await pool.execute(
        "insert into draft (cohort_id, person_id, side, email, began_at, saved_at)"
        " values ($1, 'A002', 'mentor', 'm2@example.org', $2, $2)",
        LATER,
        now,
    )
    assert await recipients(pool) == {("mile-2019", "M03")}
    found_rows = await campaigns.asked_person(pool, LATER, "mile-2019", "M01")
    assert found_rows is not None
    assert (found_rows.took_part_in, found_rows.came) == ("2019 Mentorship Program", True)
    third = await campaigns.asked_person(pool, LATER, "mile-2019", "M03")
    assert third is not None
    assert not third.came
    assert await campaigns.asked_person(pool, LATER, "mile-2019", "M99") is None


@pytest.mark.parametrize(
    ("answers", "is_asked"), [(["yes"], True), (["no"], False), (["no", "yes"], True), (["later"], False)]
)
async def test_mentor_is_asked_as_they_said_when_their_mentorship_closed(
    pool: asyncpg.Pool, next_class: str, now: datetime, answers: list[str], *, is_asked: bool
) -> None:
    for number, again in enumerate(answers):
        await closes_with(pool, "mile-2019-001", again, now.replace(minute=number))
    assert (("mile-2019", "M02") in await recipients(pool)) == is_asked
    assert len(await recipients(pool)) == 2 + is_asked


@pytest.mark.usefixtures("next_class")
async def test_mentor_who_asked_for_no_more_invitations_gets_none_until_that_is_taken_back(
    pool: asyncpg.Pool, now: datetime
) -> None:
    assert await campaigns.set_uninvited(pool, "mile-2019", "M02", now)
    assert not await campaigns.set_uninvited(pool, "mile-2019", "M02", now)
    assert await recipients(pool) == HOSTS - {("mile-2019", "M02")}
    # One that waits in the outbox does not leave, either.
    invited = await campaigns.asked_person(pool, LATER, "mile-2019", "M02")
    assert invited is not None
    assert invited.came
    assert await campaigns.set_uninvited(pool, "mile-2019", "M02", None)
    assert await recipients(pool) == HOSTS
    with pytest.raises(Refusal, match="mile-2019 has no participant P99"):
        await campaigns.set_uninvited(pool, "mile-2019", "P99", now)


async def says_one_day(pool: asyncpg.Pool, mentorship: str, one_day: str, at: datetime) -> None:
    await pool.execute(
        "insert into milestone (mentorship_id, id, kind, number, asked, opens_on, closes_on, opens_at, closes_at)"
        " values ($1, 'follow_up-1', 'follow_up', 1, '{mentee}', $2, $2, $3, $3) on conflict do nothing",
        mentorship,
        at.date(),
        at,
    )
    await pool.execute(
        "insert into response"
        " (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload, received_at)"
        " select $1, 1 + count(*), $2, 'follow_up-1', 'mentee', 'follow_up', $3, '{}', $4 from response where id = $1",
        f"{mentorship}/follow_up-1/mentee",
        mentorship,
        json.dumps({"mentor_one_day": one_day}),
        at,
    )


@pytest.mark.parametrize(
    ("answers", "sit_out_years", "is_asked"),
    [
        (["yes"], 2, True),
        (["no", "yes"], 0, True),
        (["yes"], 3, False),
        (["perhaps"], 0, False),
        (["yes", "no"], 0, False),
        ([], 0, False),
    ],
)
async def test_former_mentee_who_would_mentor_one_day_is_asked_after_sitting_out(
    pool: asyncpg.Pool, next_class: str, now: datetime, answers: list[str], sit_out_years: int, *, is_asked: bool
) -> None:
    mentee = await pool.fetchval("select mentee_id from mentorship where id = 'mile-2019-001'")
    for number, one_day in enumerate(answers):
        await says_one_day(pool, "mile-2019-001", one_day, now.replace(minute=number))
    assert await asked(pool, sit_out_years) - HOSTS == ({("mile-2019", mentee)} if is_asked else set())
    known = await campaigns.asked_person(pool, next_class, "mile-2019", mentee)
    assert known is not None
    assert (known.side, known.mentorship_id, known.came) == (Side.MENTEE, "mile-2019-001", False)
    await campaigns.set_uninvited(pool, "mile-2019", mentee, now)
    assert await asked(pool, 0) == HOSTS


@pytest.mark.usefixtures("next_class")
async def test_mentor_who_said_not_in_the_next_class_is_asked_for_the_one_after(
    pool: asyncpg.Pool, now: datetime
) -> None:
    await closes_with(pool, "mile-2019-001", "later", now)
    await pool.execute("update mentorship set starts_on = $1 where id = 'mile-2019-002'", date(2020, 5, 8))
    assert ("mile-2019", "M02") in await recipients(pool)


async def test_only_drafts_that_were_saved_and_not_submitted_are_unfinished(
    pool: asyncpg.Pool, cohort: str, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    # Somebody else may have typed the address of A003, who never went on with the link.
    for person, saved, submitted in (
        ("A001", later, None),
        ("A002", later, later),
        ("A003", now, None),
        ("M01", later, None),
    ):
        await pool.execute(
            "insert into draft (cohort_id, person_id, side, email, began_at, saved_at, submitted_at)"
            " values ($1, $2, 'mentor', $2 || '@example.org', $3, $4, $5)",
            cohort,
            person,
            now,
            saved,
            submitted,
        )
    assert await campaigns.unfinished_drafts(pool, cohort) == (
        campaigns.CampaignRecipient(person_id="A001", side=Side.MENTOR),
    )


async def test_a35_gaps_are_what_is_empty_or_blank(
    pool: asyncpg.Pool, settings: CohortSettings, mentees: tuple[MenteeApplication, ...], now: datetime
) -> None:
    cases: tuple[dict[str, object], ...] = (
        {"challenges": "Time", "hopes": "Courage"},
        {"goals": (), "challenges": "\n \t", "hopes": "Courage"},
        {"goals": (" ", ""), "challenges": "", "hopes": ""},
    )
    people = [mentee.model_copy(update=words) for mentee, words in zip(mentees, cases, strict=True)]
    await cohorts.save_cohort(pool, settings, (), people, now)
    assert await campaigns.intake_gaps(pool, settings.id) == {
        "P02": ("goals", "challenges"),
        "P03": ("goals", "challenges", "hopes"),
    }
    await pool.execute("update application set status = 'withdrawn' where person_id = 'P03'")
    assert set(await campaigns.intake_gaps(pool, settings.id)) == {"P02"}


@pytest.mark.parametrize("leaving", ["M01", "P01"])
async def test_nobody_is_asked_about_a_match_that_somebody_left(
    pool: asyncpg.Pool, cohort: str, now: datetime, leaving: str
) -> None:
    await pool.execute(
        "insert into proposal (cohort_id, mentor_id, mentee_id, run, proposed_at) values ($1, 'M01', 'P01', 1, $2)",
        cohort,
        now,
    )
    assert len(await campaigns.open_proposals(pool, cohort)) == 1
    await pool.execute("update application set status = 'withdrawn' where person_id = $1", leaving)
    assert await campaigns.open_proposals(pool, cohort) == ()


@pytest.mark.parametrize(
    ("mentor", "mentee", "column", "is_open", "disputed"),
    [
        (None, None, None, True, 0),
        ("committed", None, None, True, 0),
        ("committed", "asked", None, True, 1),
        ("committed", "committed", None, False, 0),
        ("declined", None, None, False, 1),
        (None, None, "confirmed_at", False, 0),
        ("declined", None, "withdrawn_at", False, 0),
    ],
)
async def test_proposal_is_open_until_it_is_settled(
    *,
    pool: asyncpg.Pool,
    cohort: str,
    now: datetime,
    mentor: str | None,
    mentee: str | None,
    column: str | None,
    is_open: bool,
    disputed: int,
) -> None:
    await pool.execute(
        "insert into proposal (cohort_id, mentor_id, mentee_id, run, proposed_at, mentor_answer, mentee_answer)"
        " values ($1, 'M01', 'P01', 1, $2, $3, $4)",
        cohort,
        now,
        mentor,
        mentee,
    )
    if column:
        await pool.execute(f"update proposal set {column} = now()")  # noqa: S608 - a name of this file
    found_rows = await campaigns.open_proposals(pool, cohort)
    assert [(proposal.mentor_id, proposal.mentee_id) for proposal in found_rows] == (
        [("M01", "P01")] if is_open else []
    )
    assert await campaigns.disputed_proposals(pool, cohort) == disputed
    for proposal in found_rows:
        assert proposal.of(Side.MENTOR) == ("M01", Commitment(mentor) if mentor else None)
        assert proposal.of(Side.MENTEE) == ("P01", Commitment(mentee) if mentee else None)


async def test_whoever_had_not_declined_a_match_that_is_off_is_left_without_one_until_another_is_proposed(
    pool: asyncpg.Pool, cohort: str, now: datetime
) -> None:
    proposed = (
        "insert into proposal (cohort_id, mentor_id, mentee_id, run, proposed_at, mentee_answer, withdrawn_at)"
        " values ($1, $2, $3, 1, $4, $5, $6)"
    )
    await pool.execute(proposed, cohort, "M01", "P01", now, "declined", now)
    await pool.execute(proposed, cohort, "M02", "P02", now, "committed", None)
    (left_person,) = await campaigns.left_without_match(pool, cohort)
    assert (left_person.person_id, left_person.side, left_person.mentee_id) == ("M01", Side.MENTOR, "P01")
    await pool.execute(proposed, cohort, "M01", "P03", now, None, None)
    assert await campaigns.left_without_match(pool, cohort) == ()
