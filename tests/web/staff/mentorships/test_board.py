"""The board shows each mentorship by what needs staff first; the heat map shows the same answers and nobody's name."""

import json
import re
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest

from tests.web.staff.conftest import COORDINATOR, READER, SignIn

BOARD, HEAT_MAP = "/staff/classes/mile-2019/board", "/staff/classes/mile-2019/heat-map"
NOW = datetime.now(UTC)
OTHERS = (("M02", "P02", "Ada Quiet", "Bo Quiet"), ("M03", "P03", "Cy Calls", "Di Calls"))


@pytest.fixture
async def three_mentorships(app: object, pool: asyncpg.Pool) -> None:
    """The first has met, the second is silent, the third asked for a call and is silent too."""
    for number, (mentor, mentee, mentor_name, mentee_name) in enumerate(OTHERS, start=2):
        for person, like, name in ((mentor, "M01", mentor_name), (mentee, "P01", mentee_name)):
            await pool.execute(
                "insert into application select (jsonb_populate_record(a, $1::jsonb)).* from application a "
                "where person_id = $2 and cohort_id = 'mile-2019'",
                f'{{"person_id": "{person}", "email": "{person.lower()}@example.org"}}',
                like,
            )
            await pool.execute(
                "update application set answers = answers || jsonb_build_object('name', $1::text, 'id', $2::text) "
                "where person_id = $2",
                name,
                person,
            )
        changed = f'{{"id": "mile-2019-00{number}", "mentor_id": "{mentor}", "mentee_id": "{mentee}"}}'
        await pool.execute(
            "insert into mentorship select (jsonb_populate_record(m, $1::jsonb)).* from mentorship m "
            "where id = 'mile-2019-001'",
            changed,
        )
        await pool.execute(
            "insert into milestone select (jsonb_populate_record(s, jsonb_build_object('mentorship_id', $1::text))).* "
            "from milestone s where mentorship_id = 'mile-2019-001'",
            f"mile-2019-00{number}",
        )
    # Only the first window is over.
    await pool.execute("update milestone set closes_at = now() + interval '1 day' where number > 1")
    await said(pool, "mile-2019-001", "met", "planned")
    await said(pool, "mile-2019-002", "unanswered", "unanswered")
    await said(pool, "mile-2019-003", "not_yet", "unanswered")
    await pool.execute("update mentorship set phase = 'enabling', concerns = '{silent}' where id = 'mile-2019-002'")
    await pool.execute("update mentorship set concerns = '{silent,call_requested}' where id = 'mile-2019-003'")


async def said(pool: asyncpg.Pool, mentorship: str, mentor: str, mentee: str) -> None:
    for side, status in (("mentor", mentor), ("mentee", mentee)):
        if status != "unanswered":
            await pool.execute(
                "insert into response"
                " (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload, received_at)"
                " select mentorship_id || $2, 1, mentorship_id, id, $2, 'check_in', $3, '{}', opens_at"
                " from milestone where mentorship_id = $1 and id = 'check_in-1'",
                mentorship,
                side,
                json.dumps({"status": status}),
            )


def order(page: str) -> list[str]:
    return re.findall(r'<a href="/staff/mentorships/mile-2019-(\d+)">', page)


@pytest.mark.usefixtures("three_mentorships")
async def test_gravest_comes_first_and_filters_leave_out_the_rest(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    assert order((await client.get(BOARD)).text) == ["003", "002", "001"]
    assert order((await client.get(f"{BOARD}?order=name")).text) == ["002", "003", "001"]
    assert order((await client.get(f"{BOARD}?phase=enabling")).text) == ["002"]
    assert order((await client.get(f"{BOARD}?concern=call_requested")).text) == ["003"]
    assert order((await client.get(f"{BOARD}?phase=no-such&order=none")).text) == ["003", "002", "001"]


@pytest.mark.usefixtures("three_mentorships")
async def test_what_was_put_off_comes_last_and_can_be_hidden(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    await pool.execute(
        "insert into put_off (mentorship_id, put_off_at, look_again_on, note) "
        "values ('mile-2019-003', $1, $2, 'I call')",
        NOW - timedelta(hours=1),
        NOW.date() + timedelta(days=7),
    )
    shown = (await client.get(BOARD)).text
    assert order(shown) == ["002", "001", "003"]
    assert "I call" in shown
    assert order((await client.get(f"{BOARD}?put_off=hide")).text) == ["002", "001"]


@pytest.mark.usefixtures("three_mentorships")
async def test_heat_map_counts_what_was_said_and_names_nobody(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, READER)
    shown = (await client.get(HEAT_MAP)).text
    for name in ("Person M", "Person P", "Ada Quiet", "Di Calls", "mile-2019-00"):
        assert name not in shown
    counts = {
        words: [int(number) for number in re.findall(r"<td>(\d+)</td>", cells)]
        for words, cells in re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', shown, re.DOTALL)
    }
    assert {words: row[0] for words, row in counts.items()} == {"Met": 1, "Planned": 1, "Not yet": 1, "No answer": 3}
    assert all(sum(row[1:]) == 0 for row in counts.values())
