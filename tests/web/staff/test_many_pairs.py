"""A page of a class asks PostgreSQL few questions, however many pairs there are."""

from collections import Counter

import asyncpg
import httpx
import pytest
from asyncpg.connection import LoggedQuery
from starlette.applications import Starlette

from tests.web.staff.conftest import CHAIR, SignIn
from tests.web.staff.many_pairs import store_many
from tests.web.staff.test_authorization import PARTS, staff_routes

MOST = 12
# These begin a transaction or end one; they ask nothing.
_BRACKETS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


async def listen(pool: asyncpg.Pool) -> list[str]:
    """Return a list of every statement that the pool's connections are asked from now on."""
    asked: list[str] = []

    def note(query: LoggedQuery) -> None:
        if not query.query.lstrip().upper().startswith(_BRACKETS):
            asked.append(query.query)

    # All at once, because the pool gives out one that is free again.
    connections = [await pool.acquire() for _ in range(pool.get_max_size())]
    for connection in connections:
        connection.add_query_logger(note)
        await pool.release(connection)
    return asked


async def test_page_asks_little_of_many_pairs(
    app: Starlette, client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn
) -> None:
    await store_many(pool, 300)
    await sign_in(client, CHAIR)
    asked = await listen(pool)
    too_many: dict[str, Counter[str]] = {}
    for route in staff_routes(app):
        if route.methods and "GET" in route.methods and "{token}" not in route.path:
            asked.clear()
            answer = await client.get(path := route.path.format(**PARTS))
            assert answer.status_code in {200, 303, 409, 503}, f"{path}: {answer.status_code}"
            # Who is signed in, at least.
            assert asked or "sign-in" in path
            if len(asked) > MOST:
                too_many[path] = Counter(query.strip().splitlines()[0][:60] for query in asked)
    assert too_many == {}


@pytest.mark.usefixtures("app")
async def test_class_of_many_pairs_is_as_large_as_it_says(pool: asyncpg.Pool) -> None:
    await store_many(pool, 300)
    assert await pool.fetchval("select count(*) from mentorship") == 300
    assert await pool.fetchval("select count(distinct email) from application") == 600
