"""A large cohort is read quickly right after its import, when the planner's statistics do not know of it yet."""

import json
import re
from datetime import date
from typing import Any

import asyncpg
import pytest

from benchmarks.starting import KICKOFF, NOW, publish_class, settings_of
from schemas.cohort.settings import ProposalSettings
from storage import cohorts, mentorships, proposals
from storage.database import queries
from tests.storage.test_queries import GIVEN, WRITTEN

COHORT = "large"
PAIRS = 40
READING = [name for name in WRITTEN if not re.search(r"\b(insert|update|delete)\b", getattr(queries, name).sql)]


async def _publish(pool: asyncpg.Pool, cohort: str, pairs: int) -> None:
    """Keep a cohort of so many pairs that were proposed to both sides and have a mentorship."""
    await publish_class(pool, settings_of(cohort).model_copy(update={"proposals": ProposalSettings()}), pairs)
    await proposals.propose(pool, cohort, NOW)
    published = await cohorts.published_matches(pool, cohort)
    await mentorships.save_pairs(pool, cohort, published, starts_on=KICKOFF, ends_on=date(2020, 11, 10), now=NOW)


async def _plan(connection: asyncpg.pool.PoolConnectionProxy, name: str) -> dict[str, Any]:
    """Run a query on the large cohort and return what PostgreSQL did for it."""
    statement = await connection.prepare(getattr(queries, name).sql)
    types = [parameter.name for parameter in statement.get_parameters()]
    # Queries that read take lists as JSON.
    given = GIVEN | {"text": COHORT, "jsonb": "[]"}
    arguments = [given[name] for name in types]
    plan: dict[str, Any] = (await statement.explain(*arguments, analyze=True))[0]["Plan"]
    return plan


def _compared(plan: dict[str, Any]) -> float:
    """Count the rows that a plan looked at, those it left out too."""
    looked_at = ("Actual Rows", "Rows Removed by Join Filter", "Rows Removed by Filter")
    rows = sum(plan.get(key, 0) for key in looked_at) * plan["Actual Loops"]
    return float(rows + sum(_compared(part) for part in plan.get("Plans", [])))


@pytest.mark.parametrize("asks", [True, False], ids=["proposes", "publishes"])
async def test_no_query_compares_everybody_with_each_pair_of_two_others(pool: asyncpg.Pool, asks: bool) -> None:
    for number in range(10):
        await _publish(pool, f"small-{number}", 5)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("analyze")
        await _publish(pool, COHORT, PAIRS)
        if not asks:
            await cohorts.save_settings(pool, settings_of(COHORT), NOW)
        plans = {name: await _plan(connection, name) for name in READING}
    cubic = {name: plan for name, plan in plans.items() if _compared(plan) > PAIRS**3 / 5}
    assert not cubic, json.dumps(cubic, indent=1)
