"""Personal links: each opens the page of one person until it is revoked, and has a successor then."""

from datetime import datetime
from hashlib import sha256

import asyncpg

from storage import personal_links


async def test_personal_link_leads_to_its_owner_until_it_is_revoked(
    pool: asyncpg.Pool, cohort: str, now: datetime
) -> None:
    first, second = (sha256(token).digest() for token in (b"first", b"second"))
    for _ in range(2):
        await personal_links.ensure(pool, cohort, "M01", first)
    assert await personal_links.owner(pool, first) == (cohort, "M01")
    assert await personal_links.owner(pool, second) is None
    await personal_links.revoke(pool, cohort, "M01", now)
    await personal_links.ensure(pool, cohort, "M01", first)
    assert await personal_links.owner(pool, first) is None
    assert await personal_links.count_revoked(pool, cohort, "M01") == 1
    await personal_links.ensure(pool, cohort, "M01", second)
    assert await personal_links.owner(pool, second) == (cohort, "M01")
    assert await personal_links.count_revoked(pool, cohort, "M02") == 0
