"""The home page says what needs whoever is signed in, most urgent first, and nothing that they may not see."""

import json
import re
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from services.staff_home import TaskKind
from tests.web.staff.conftest import COORDINATOR, OTHER_CHAIR, READER, TODAY, SignIn
from tests.web.staff.test_authorization import staff_routes
from web.staff.home import TASK_PLACES


def tasks(page: str) -> list[tuple[str, str]]:
    (listed,) = re.findall(r'<ul class="tasks">(.*?)</ul>', page, re.DOTALL) or [""]
    return re.findall(r'<a href="([^"]+)">([^<]+)</a>', listed)


async def home(client: httpx.AsyncClient) -> str:
    answer = await client.get("/staff")
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
async def in_need(app: object, pool: asyncpg.Pool) -> None:
    """A mentorship that needs staff, and a draft of matches in each class, one of which has begun."""
    await pool.execute("update mentorship set concerns = '{silent,call_requested}'")
    await pool.execute("update cohort set stage = case id when 'mile-2021' then 'matching' else 'running' end")
    await pool.execute(
        "insert into match_run (cohort_id, run, inputs_sha256, result, created_at) "
        "select id, 7, 'inputs', '{}', now() from cohort"
    )


def test_every_task_leads_to_a_page_that_there_is(app: Starlette) -> None:
    assert set(TASK_PLACES) == set(TaskKind)
    assert set(TASK_PLACES.values()) - {route.path for route in staff_routes(app)} == set()


@pytest.mark.usefixtures("in_need")
async def test_concern_leads_to_its_mentorship(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    assert tasks(await home(client))[0] == (
        "/staff/mentorships/mile-2019-001",
        "Person M and Person P: asked for a call, no meeting in two check-ins",
    )


async def test_decision_that_a_backup_lost_is_a_task_until_staff_decide_again(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    decide = (
        "insert into audit_event (happened_at, actor, action, cohort_id, mentorship_id, decision, lost_at) "
        "values ($1, 'staff:amina', 'paused', 'mile-2019', 'mile-2019-001', $2, $3)"
    )
    now = datetime.now(UTC)
    lost = {"at": "2019-08-01T17:00:00Z", "change": {"kind": "pause", "decision": "a"}}
    await pool.execute(decide, now - timedelta(days=2), json.dumps(lost), now - timedelta(days=1))
    await sign_in(client, COORDINATOR)
    assert tasks(await home(client)) == [
        (
            "/staff/mentorships/mile-2019-001",
            "Person M and Person P: a backup was restored without your pause of August 1, 2019; "
            "if it still holds, make it again, or else resolve it",
        )
    ]
    settled = {"at": "2019-08-02T17:00:00Z", "change": {"kind": "resolve", "decision": "b"}}
    await pool.execute(decide, now, json.dumps(settled), None)
    assert tasks(await home(client)) == []


@pytest.mark.usefixtures("in_need")
async def test_draft_of_a_class_that_has_not_begun_is_to_be_reviewed(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await sign_in(client, OTHER_CHAIR)
    assert tasks(await home(client)) == [
        (
            "/staff/classes/mile-2021/matching",
            "2021 Mentorship Program: match run 7 is a draft; review it, and publish it",
        )
    ]


@pytest.mark.usefixtures("in_need")
@pytest.mark.parametrize("visitor", [READER, OTHER_CHAIR])
async def test_nobody_else_sees_names_or_concerns(client: httpx.AsyncClient, sign_in: SignIn, visitor: str) -> None:
    await sign_in(client, visitor)
    shown = await home(client)
    assert "Person M" not in shown
    assert "mile-2019-001" not in shown


@pytest.mark.usefixtures("in_need")
async def test_what_was_put_off_is_no_task_until_its_day(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    put_off = (
        "insert into put_off (mentorship_id, put_off_at, look_again_on, note) values ('mile-2019-001', $1, $2, '')"
    )
    now = datetime.now(UTC)
    await pool.execute(put_off, now - timedelta(minutes=2), TODAY + timedelta(days=3))
    assert [place for place, _ in tasks(await home(client)) if "mentorships" in place] == []
    await pool.execute(put_off, now - timedelta(minutes=1), TODAY - timedelta(days=1))
    assert [place for place, _ in tasks(await home(client)) if "mentorships" in place] != []


async def test_what_opens_within_two_weeks_is_counted_by_day(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await pool.execute("update milestone set opens_on = $1 where id = 'check_in-2'", TODAY + timedelta(days=13))
    await pool.execute("update milestone set opens_on = $1 where id = 'check_in-3'", TODAY + timedelta(days=16))
    await sign_in(client, COORDINATOR)
    rows = re.findall(r"<tr><td>([^<]+)</td><td>[^<]+</td><td>([^<]+)</td><td>(\d+)</td></tr>", await home(client))
    assert [(kind, count) for _, kind, count in rows] == [("check-in", "1")]


async def test_sender_that_is_away_is_said(client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool) -> None:
    await sign_in(client, READER)
    assert "no worker has run" in await home(client)
    await pool.execute("insert into sender_status default values")
    assert "Emails do not leave" not in await home(client)
    await pool.execute("update sender_status set seen_at = now() - interval '4 minutes'")
    assert "no worker runs" in await home(client)
    await pool.execute("update sender_status set seen_at = now(), paused_since = now(), pause_cause = '421'")
    assert "the mail server accepts none" in await home(client)
