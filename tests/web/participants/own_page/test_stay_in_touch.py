"""After the end: both must say yes before either page shows again how to reach the partner."""

import asyncpg
import httpx
import pytest

from schemas.enums import Side
from tests.emails.stored import PAIR
from tests.web.applicants.people import text_of
from tests.web.participants.own_page.people import read_all


async def say(client: httpx.AsyncClient, link: str, answer: str) -> int:
    return (await client.post(f"{link}/{PAIR}/touch", data={"touch": answer})).status_code


@pytest.fixture
async def over(mine: dict[Side, str], pool: asyncpg.Pool) -> dict[Side, str]:
    await pool.execute("update mentorship set outcome = 'completed', phase = 'after'")
    return mine


async def test_partners_page_is_the_same_to_the_letter_until_both_say_yes(
    client: httpx.AsyncClient, over: dict[Side, str], pool: asyncpg.Pool
) -> None:
    before = await read_all(client, over[Side.MENTOR])
    for answer in ("no", "yes"):
        assert await say(client, over[Side.MENTEE], answer) == 303
        assert await read_all(client, over[Side.MENTOR]) == before
    mentees = text_of(await client.get(over[Side.MENTEE], follow_redirects=True))
    assert "You said that you want to stay in touch." in mentees
    assert "m@example.org" not in mentees
    assert await say(client, over[Side.MENTOR], "yes") == 303
    for side, address in ((Side.MENTEE, "m@example.org"), (Side.MENTOR, "p@example.org")):
        page = text_of(await client.get(over[side], follow_redirects=True))
        assert "You both want to stay in touch." in page
        assert page.count(address) == 1
    await say(client, over[Side.MENTOR], "no")
    assert "m@example.org" not in text_of(await client.get(over[Side.MENTEE], follow_redirects=True))
    assert await pool.fetchval("select count(*) from audit_event") == 0


@pytest.mark.parametrize("outcome", [None, "mentor_withdrew"])
async def test_nobody_is_asked_before_the_end_or_after_one_of_them_left(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, outcome: str | None
) -> None:
    await pool.execute("update mentorship set outcome = $1", outcome)
    assert "stay in touch" not in (await client.get(mine[Side.MENTEE], follow_redirects=True)).text
    assert await say(client, mine[Side.MENTEE], "yes") == 409
    assert await pool.fetchval("select count(*) from stay_in_touch") == 0
