"""Staff change the status of an application one step at a time, and the applicant gets an email."""

import json
from datetime import UTC, datetime

import asyncpg
import pytest

from domain.applications.review import accept, waive_rules, withdraw
from schemas.applications.people import MentorApplication
from schemas.cohort.settings import CohortSettings, Eligibility
from schemas.enums import ApplicationStatus
from schemas.errors import Refusal
from schemas.matching.results import MatchResult
from storage import applicants, application_review, cohorts

NOW = datetime(2019, 4, 1, 15, tzinfo=UTC)


async def _stand(pool: asyncpg.Pool, person: str, status: ApplicationStatus) -> None:
    await pool.execute("update application set status = $2 where person_id = $1", person, status)


async def _emails(pool: asyncpg.Pool) -> list[tuple[str, str]]:
    rows = await pool.fetch("select scope_id, kind from outbox where state = 'queued' order by key")
    return [(row["scope_id"], row["kind"]) for row in rows]


async def _strict(pool: asyncpg.Pool, settings: CohortSettings) -> None:
    """Ask of mentors ten years, of which they have nine."""
    strict = settings.model_copy(update={"eligibility": Eligibility(min_years=10)})
    await cohorts.save_settings(pool, strict, NOW)


async def test_a_waived_mentor_is_accepted_and_no_rule_speaks_against_them_any_more(
    pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    await _strict(pool, settings)
    await _stand(pool, "M01", ApplicationStatus.INELIGIBLE)
    stood = await application_review.change_status(pool, cohort, "M01", waive_rules, now=NOW)
    assert stood == (ApplicationStatus.INELIGIBLE, ApplicationStatus.ACCEPTED)
    rules = {row.id: row.rules_waived for row in await cohorts.mentors(pool, cohort)}
    assert rules == {"M01": True, "M02": False, "M03": False}
    assert await _emails(pool) == [("mile-2019/M01", "status_changed")]
    with pytest.raises(Refusal, match="M01 is accepted, so it needs no exception"):
        await application_review.change_status(pool, cohort, "M01", waive_rules, now=NOW)


async def test_a_waiver_for_somebody_who_is_accepted_already_is_no_news_to_them(
    pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    await _strict(pool, settings)
    assert (
        await application_review.change_status(pool, cohort, "M02", waive_rules, now=NOW)
        == (ApplicationStatus.ACCEPTED,) * 2
    )
    assert await _emails(pool) == []


async def test_whoever_waits_is_accepted_once_no_rule_speaks_against_them(
    pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    await _strict(pool, settings)
    for person in ("M01", "P01"):
        await _stand(pool, person, ApplicationStatus.WAITING)
    with pytest.raises(Refusal, match="To accept this mentor all the same, make an exception"):
        await application_review.change_status(pool, cohort, "M01", accept, now=NOW)
    await application_review.change_status(pool, cohort, "M01", waive_rules, now=NOW)
    for person in ("M01", "P01"):
        after = (await application_review.change_status(pool, cohort, person, accept, now=NOW))[1]
        assert after is ApplicationStatus.ACCEPTED
    assert await _emails(pool) == [("mile-2019/M01", "status_changed"), ("mile-2019/P01", "status_changed")]
    with pytest.raises(Refusal, match="M01 is already accepted"):
        await application_review.change_status(pool, cohort, "M01", accept, now=NOW)


async def test_somebody_withdrawn_is_not_matched_and_may_be_taken_back(pool: asyncpg.Pool, cohort: str) -> None:
    await application_review.change_status(pool, cohort, "P02", withdraw, now=NOW)
    assert [row.id for row in await cohorts.mentees(pool, cohort)] == ["P01", "P03"]
    with pytest.raises(Refusal, match="P02 is already withdrawn from mile-2019"):
        await application_review.change_status(pool, cohort, "P02", withdraw, now=NOW)
    await application_review.change_status(pool, cohort, "P02", accept, now=NOW)
    assert len(await cohorts.mentees(pool, cohort)) == 3
    assert await _emails(pool) == [("mile-2019/P02", "status_changed")] * 2


async def test_nobody_is_withdrawn_from_pairs_that_stand(
    pool: asyncpg.Pool, cohort: str, result: MatchResult, settings: CohortSettings
) -> None:
    await cohorts.publish_match_run(pool, cohort, await cohorts.save_match_run(pool, cohort, result, NOW), NOW)
    for person in ("M01", "P01"):
        with pytest.raises(Refusal, match=f"{person} is in a published pair"):
            await application_review.change_status(pool, cohort, person, withdraw, now=NOW)
    settings_with_proposals = CohortSettings.model_validate(settings.model_dump() | {"proposals": {}})
    await cohorts.save_settings(pool, settings_with_proposals, NOW)
    await application_review.change_status(pool, cohort, "P01", withdraw, now=NOW)


@pytest.mark.usefixtures("pairs")
async def test_nobody_is_withdrawn_from_a_running_mentorship(pool: asyncpg.Pool, settings: CohortSettings) -> None:
    settings_with_proposals = CohortSettings.model_validate(settings.model_dump() | {"proposals": {}})
    await cohorts.save_settings(pool, settings_with_proposals, NOW)
    with pytest.raises(Refusal, match="end it, or replace the mentor"):
        await application_review.change_status(pool, "mile-2019", "M02", withdraw, now=NOW)


async def test_a_dry_run_changes_nothing_and_refuses_the_same(pool: asyncpg.Pool, cohort: str) -> None:
    stood = await application_review.change_status(pool, cohort, "P01", withdraw, now=NOW, dry_run=True)
    assert stood == (ApplicationStatus.ACCEPTED, ApplicationStatus.WITHDRAWN)
    assert len(await cohorts.mentees(pool, cohort)) == 3
    assert await _emails(pool) == []
    with pytest.raises(Refusal, match="P99 has not submitted an application"):
        await application_review.change_status(pool, cohort, "P99", withdraw, now=NOW, dry_run=True)


@pytest.mark.parametrize("name", ["\x1b]0;owned\x07\x1b[2J", "Zo\x9b31m", "é " * 100_000, "\u202eevil"])
async def test_what_is_typed_for_a_name_and_is_none_reaches_neither_terminals_nor_headers(
    pool: asyncpg.Pool, cohort: str, name: str
) -> None:
    await pool.execute(
        "insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at) "
        "values ($1, 'A001', 'mentor', 'a@example.org', $2, $3, $3)",
        cohort,
        json.dumps({"name": name}),
        NOW,
    )
    assert {row.id: row.name for row in await application_review.application_rows(pool, cohort)}["A001"] == ""
    applicant = await applicants.applicant(pool, cohort, "A001")
    assert (applicant.name, applicant.answers) == ("", {"name": name})


async def test_the_list_counts_what_is_missing_and_tells_no_words(
    pool: asyncpg.Pool, cohort: str, mentors: tuple[MentorApplication, ...]
) -> None:
    await pool.execute(
        "insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at) "
        "values ($1, 'A001', 'mentor', 'a@example.org', $2, $3, $3)",
        cohort,
        json.dumps({"name": "Zoë", "years": "many"}),
        NOW,
    )
    lines = {row.id: row for row in await application_review.application_rows(pool, cohort)}
    assert list(lines) == ["A001", "M01", "M02", "M03", "P01", "P02", "P03"]
    assert (lines["A001"].status, lines["A001"].complete, lines["A001"].name) == (None, False, "Zoë")
    assert (lines["M01"].status, lines["M01"].missing) == (ApplicationStatus.ACCEPTED, 0)
    assert (lines["P01"].missing, lines["P01"].complete) == (2, False)
    assert mentors[0].name not in lines["M01"].model_dump_json()
