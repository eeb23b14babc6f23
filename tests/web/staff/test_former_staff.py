"""What staff leave behind is deleted in time: sessions, passkeys of who has no role any more, files, and steps."""

from datetime import UTC, datetime, timedelta
from typing import cast

import asyncpg
import pytest
from starlette.applications import Starlette
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.sweeper import Sweeper
from schemas.enums import StaffAccess
from services.context import ServiceContext
from storage import passkeys
from tests.emails.relay import settings_for
from tests.services.conftest import FakeTemporal
from tests.web.staff.conftest import CHAIR, FORMER, NOBODY, OTHER_CHAIR, TODAY, give

LONG_FORMER = "long.former@staff.example.org"


@pytest.fixture
async def sweeper(app: Starlette, pool: asyncpg.Pool, database_url: str) -> Sweeper:
    """The sweeper beside a class with staff of today and of before, and a class that was archived 31 days ago."""
    await give(pool, "mile-2019", LONG_FORMER, StaffAccess.CHAIR, ends_on=TODAY - timedelta(days=1))
    await pool.execute(
        "update role_holder set starts_on = starts_on - 60, ends_on = ends_on - 32 where email = $1", LONG_FORMER
    )
    await pool.execute("update cohort set archived_at = now() - interval '31 days' where id = 'mile-2021'")
    return Sweeper(ServiceContext(settings_for(database_url, 1), pool, cast(Client, FakeTemporal())))


async def test_session_is_forgotten_a_month_after_its_last_use(sweeper: Sweeper, pool: asyncpg.Pool) -> None:
    sessions = {
        "in use": (0, None),
        "ended": (29, 29),
        "ran out": (29, None),
        "ended long ago": (31, 31),
        "ran out long ago": (31, None),
    }
    for name, (seen, ended) in sessions.items():
        await pool.execute(
            "insert into staff_session (token_hash, email, began_at, seen_at, ended_at) values"
            " ($1::text::bytea, $1, now() - interval '31 days', now() - make_interval(days => $2),"
            " now() - make_interval(days => $3))",
            name,
            seen,
            ended,
        )
    await ActivityEnvironment().run(sweeper.signal_pending_responses)
    left = {row["email"] for row in await pool.fetch("select email from staff_session")}
    assert left == {"in use", "ended", "ran out"}


async def test_passkeys_are_forgotten_a_month_after_the_last_role(sweeper: Sweeper, pool: asyncpg.Pool) -> None:
    await give(pool, "mile-2021", FORMER, StaffAccess.CHAIR)
    added_at = datetime.now(UTC) - timedelta(days=400)
    for email in (CHAIR.upper(), FORMER, LONG_FORMER, OTHER_CHAIR, NOBODY):
        await passkeys.save(pool, email, email.encode(), b"key", 0, "my phone", added_at)
    await ActivityEnvironment().run(sweeper.signal_pending_responses)
    left = {row["email"] for row in await pool.fetch("select email from passkey")}
    assert left == {CHAIR.upper(), FORMER}


async def test_files_and_steps_of_staff_are_forgotten_a_day_later_though_nobody_comes_back(
    sweeper: Sweeper, pool: asyncpg.Pool
) -> None:
    for side, hours in (("mentor", 23), ("mentee", 25)):
        await pool.execute(
            "insert into staff_upload (cohort_id, email, side, file_name, content, mapping, uploaded_at)"
            " values ('mile-2019', $1, $2, 'people.csv', 'names', '{}', now() - make_interval(hours => $3))",
            CHAIR,
            side,
            hours,
        )
        await pool.execute(
            "insert into staff_step (token_hash, email, begun_at, outcome)"
            " values ($2::text::bytea, $1, now() - make_interval(hours => $3), 'Kao Nou Vue-Reyes is accepted.')",
            CHAIR,
            side,
            hours,
        )
    await ActivityEnvironment().run(sweeper.signal_pending_responses)
    assert [row["side"] for row in await pool.fetch("select side from staff_upload")] == ["mentor"]
    assert [row["token_hash"] for row in await pool.fetch("select token_hash from staff_step")] == [b"mentor"]
