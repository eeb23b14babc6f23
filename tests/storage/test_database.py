"""What the one way to PostgreSQL promises."""

import asyncio

import asyncpg
import pytest

from storage import roles
from storage.database import open_pool


async def test_rows_that_a_model_refuses_cost_the_pool_no_connection(database_url: str, pool: asyncpg.Pool) -> None:
    await pool.execute("insert into cohort (id, settings, updated_at) values ('broken', '{}', now())")
    await pool.execute(
        "insert into role_holder (cohort_id, role, email, access, starts_on)"
        " values ('broken', '', 'not an address', 'chair', now())"
    )
    async with open_pool(database_url, size=1) as one:
        for _ in range(3):
            # Kept here, the error keeps what it was raised in.
            with pytest.raises(ValueError, match="validation error") as kept:
                async with asyncio.timeout(5):
                    await roles.role_holders(one, "broken")
            assert one.get_idle_size() == 1, kept
