"""Matching and publishing: a dry run says and refuses what the step would, and what staff wished outlives a draft."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import pytest

from cli.common.paths import cohort_in
from runtime.local_stack.stack import LocalStack
from schemas.matching.messages import MatchRequest
from storage import cohorts
from storage.database import open_pool
from tests.cli.classes import write_class
from tests.clocks import TODAY
from tests.waiting import until

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
NewClass = Callable[[str, date], Path]

SOON = TODAY + timedelta(days=40)
ASKING = "[proposals]\nanswer_days = 10"
ALREADY = "Match run 1 is already published. Nothing was changed.\n"


@pytest.fixture
async def pool(stack: LocalStack) -> AsyncIterator[asyncpg.Pool]:
    """The stack's own database, and not an empty one."""
    async with open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool:
        yield pool


async def done(mile: Mile, *command: str) -> str:
    ran = await mile("cohort", *command)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


async def told(mile: Mile, *command: str) -> Any:
    return json.loads(await done(mile, *command, "--json"))


async def steps(pool: asyncpg.Pool, cohort: str) -> list[str]:
    """Return what staff did to a cohort, in order."""
    sql = "select action from audit_event where cohort_id = $1 and actor not like 'service:%' order by id"
    return [row["action"] for row in await pool.fetch(sql, cohort)]


async def pairs_of(pool: asyncpg.Pool, cohort: str, run: int) -> list[str]:
    return [f"{pair.mentor}:{pair.mentee}" for pair in (await cohorts.match_run(pool, cohort, run)).pairs]


async def test_a_dry_run_of_matching_says_what_the_run_comes_to_then_and_keeps_nothing(
    mile: Mile, new_class: NewClass, pool: asyncpg.Pool
) -> None:
    await done(mile, "create", str(new_class("tried-out", SOON)))
    wish = ("match", "tried-out", "--pin", "M05:P01", "--objective", "total")
    would = await told(mile, *wish, "--dry-run")
    assert "A match run would come to 13 pairs, 0 without a mentor, proven" in await done(mile, *wish, "--dry-run")
    assert await cohorts.latest_match_run(pool, "tried-out") is None
    assert await steps(pool, "tried-out") == ["created"]
    preview = would["preview"]
    assert preview["way_back"] == "don't publish the draft; no one sees it"
    assert would == await told(mile, *wish) | {"run": None, "done": False, "preview": preview}


async def test_a_dry_run_refuses_what_the_step_refuses_in_the_same_words(
    mile: Mile, new_class: NewClass, pool: asyncpg.Pool
) -> None:
    folder = new_class("previewed", SOON)
    await done(mile, "create", str(folder))
    await done(mile, "match", "previewed")
    await done(mile, "match", "previewed", "--pin", "M05:P01")
    unknown = ("match", "previewed", "--forbid", "M99:P01")
    assert "M99" in await _refused_alike(mile, *unknown)
    await done(mile, "publish", "previewed", "--run", "1")
    for step in (("match", "previewed"), ("publish", "previewed", "--run", "2")):
        assert "Match run 1 is published; the pairs stand." in await _refused_alike(mile, *step)
    assert "can start on kickoff day and not before" in await _refused_alike(mile, "start", "previewed")
    left = cohort_in(folder)
    unled = left.settings.model_copy(update={"id": "unled"})
    await cohorts.save_cohort(pool, unled, left.mentors, left.mentees, datetime.now(UTC))
    assert "has no running workflow" in await _refused_alike(mile, "match", "unled")
    assert "has no running workflow" in await _refused_alike(mile, "publish", "unled", "--run", "1")


async def _refused_alike(mile: Mile, *step: str) -> str:
    dry, real = [await mile("cohort", *step, *more) for more in (("--dry-run",), ())]
    assert (dry.returncode, dry.stderr) == (real.returncode, real.stderr) == (2, dry.stderr)
    return dry.stderr


async def test_a_dry_run_of_publishing_names_the_rules_that_pairs_break_by_now(
    mile: Mile, new_class: NewClass, pool: asyncpg.Pool
) -> None:
    await done(mile, "create", str(new_class("rule-broken", SOON)))
    await done(mile, "match", "rule-broken")
    mentor, mentee = (await pairs_of(pool, "rule-broken", 1))[0].split(":")
    await done(mile, "withdraw", "rule-broken", mentor, "--note", "moved away")
    step = ("publish", "rule-broken", "--run", "1")
    refused = await _refused_alike(mile, *step)
    assert f"{mentor} with {mentee}: one of them is no longer among the applications" in refused
    assert "make an exception and say why" in refused
    waived = (*step, "--waive", "they stay in touch", "--dry-run")
    assert f"{mentor} with {mentee} is an exception to a rule" in await done(mile, *waived)
    assert [rule["mentor"] for rule in (await told(mile, *waived))["waived"]] == [mentor]


async def test_run_that_is_published_already_is_left_alone_and_one_published_in_between_makes_it_new(
    mile: Mile, tmp_path: Path, pool: asyncpg.Pool
) -> None:
    await done(mile, "create", str(write_class(tmp_path / "published-again", SOON, ASKING)))
    await done(mile, "match", "published-again")
    [pair, *_] = await pairs_of(pool, "published-again", 1)
    await done(mile, "match", "published-again", "--forbid", pair)
    first, second = [("publish", "published-again", "--run", run) for run in "12"]
    await done(mile, *first)
    published_at = "select published_at from match_run where cohort_id = 'published-again' and run = 1"
    at_first = await pool.fetchval(published_at)
    assert [await done(mile, *first, *more) for more in ((), ("--dry-run",))] == [ALREADY, ALREADY]
    assert (await told(mile, *first))["already"] is True
    assert await pool.fetchval(published_at) == at_first
    assert (await steps(pool, "published-again")).count("published") == 1
    await done(mile, *second)
    again = await told(mile, *first)
    assert (again["already"], again["done"]) == (False, True)
    assert pair.partition(":")[2] in {change["mentee"] for change in again["changed"]}
    assert await pool.fetchval(published_at) > at_first
    assert (await steps(pool, "published-again")).count("published") == 3


async def test_what_staff_pinned_and_ruled_out_holds_for_the_draft_that_a_decline_brings_about(
    mile: Mile, tmp_path: Path, pool: asyncpg.Pool
) -> None:
    await done(mile, "create", str(write_class(tmp_path / "wished-for", SOON, ASKING)))
    await done(mile, "match", "wished-for")
    forbidden, pinned, *_ = await pairs_of(pool, "wished-for", 1)
    await done(mile, "match", "wished-for", "--forbid", forbidden, "--pin", pinned)
    await done(mile, "publish", "wished-for", "--run", "2")
    declined = next(pair for pair in await pairs_of(pool, "wished-for", 2) if pair != pinned)
    await done(mile, "decline", "wished-for", declined, "--side", "mentor", "--note", "by phone", "--yes")
    kept = "select request from match_run where cohort_id = 'wished-for' and run = 3"
    asked = MatchRequest.model_validate_json(await until(lambda: pool.fetchval(kept)))
    assert {":".join(pair) for pair in asked.forbid} == {forbidden, declined}
    assert [":".join(pair) for pair in asked.pins] == [pinned]
    drafted = await pairs_of(pool, "wished-for", 3)
    assert pinned in drafted
    assert not {forbidden, declined} & {*drafted}
