"""The first chair of a class: a role from today on, a checklist, and a link to sign in."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import asyncpg
import pytest

from runtime.local_stack.stack import LocalStack
from tests.cli.small_class import small_class

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
NUMBERS = itertools.count(1)
CHAIR = "first.chair@example.org"


@pytest.fixture
async def cohort(mile: Mile, tmp_path: Path) -> str:
    """A cohort of this test's own."""
    cohort = f"invited-{next(NUMBERS)}"
    folder = small_class(tmp_path / cohort, cohort, date(2100, 5, 10))
    assert (await mile("cohort", "create", str(folder))).returncode == 0
    return cohort


async def test_chair_is_invited_once_and_gets_a_link_each_time(mile: Mile, cohort: str, stack: LocalStack) -> None:
    invite = ("staff", "invite", CHAIR, "--cohort", cohort)
    previewed = await mile(*invite, "--dry-run")
    assert "told of their role, with a checklist" in previewed.stdout + previewed.stderr
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        query = "select kind from outbox where cohort_id = $1 and kind in ('role_given', 'sign_in') order by 1"
        assert await connection.fetch(query, cohort) == []
        for _ in range(2):
            invited = await mile(*invite)
            assert invited.returncode == 0, invited.stderr
            assert f"A link to sign in is on its way to {CHAIR}." in invited.stdout
            await connection.execute("delete from link_request")
        held = await connection.fetch("select access, ends_on from role_holder where email = $1", CHAIR)
        kinds = [row["kind"] for row in await connection.fetch(query, cohort)]
    finally:
        await connection.close()
    assert [tuple(row) for row in held] == [("chair", None)]
    assert (kinds.count("role_given"), "sign_in" in kinds) == (1, True)


async def test_address_that_is_none_is_refused(mile: Mile, cohort: str) -> None:
    refused = await mile("staff", "invite", "nobody", "--cohort", cohort)
    assert refused.returncode != 0
    assert "'nobody' is no address." in refused.stderr
