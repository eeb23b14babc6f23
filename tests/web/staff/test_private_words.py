"""What people wrote for nobody or for few is on no page of others: every page is searched, for every role."""

import json

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from schemas.enums import Phase, StaffReason
from schemas.mentorship.state import Progress
from tests.services.conftest import FakeTemporal
from tests.web.staff.conftest import CHAIR, COORDINATOR, OTHER_CHAIR, READER, SignIn
from tests.web.staff.mentorships.test_board import NOW
from tests.web.staff.test_authorization import PARTS, staff_routes

# By what it is, words that stand nowhere else.
ONLY_FOR_ONESELF = "my-words-to-myself"
FOR_THE_PARTNER = "words-to-my-mentor"
ANSWERS = {
    "check_in-1": {"status": "met", "satisfaction": "2", "call_requested": "yes", "note_to_self": ONLY_FOR_ONESELF},
    "thanks": {"text": FOR_THE_PARTNER},
}


@pytest.fixture
def temporal() -> FakeTemporal:
    """Temporal, where a mentorship has a request for a call."""
    progress = Progress(
        now=NOW, phase=Phase.ENABLING, quarter=1, next_due_at=None, concerns=(StaffReason.CALL_REQUESTED,)
    )
    return FakeTemporal(answers={"progress": progress, "timeline": []})


@pytest.fixture
async def answered(app: object, pool: asyncpg.Pool) -> None:
    """The mentee has thanked the mentor, answered a check-in, and asked for a call."""
    await pool.execute(
        'insert into milestone select (jsonb_populate_record(s, \'{"id": "thanks", "kind": "thanks"}\')).* '
        "from milestone s where id = 'check_in-1'"
    )
    for milestone, answers in ANSWERS.items():
        form = milestone.partition("-")[0]
        await pool.execute(
            "insert into response (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload, "
            "received_at) values ($1, 1, 'mile-2019-001', $1, 'mentee', $2, $3, '{}', now())",
            milestone,
            form,
            json.dumps(answers),
        )
    await pool.execute("update mentorship set concerns = '{call_requested}'")


async def pages(app: Starlette, client: httpx.AsyncClient) -> dict[str, str]:
    """Return what every page shows, by its path; a page that is refused shows why."""
    paths = [
        route.path.format(**PARTS)
        for route in staff_routes(app)
        if route.methods and "GET" in route.methods and "{token}" not in route.path
    ]
    return {path: (await client.get(path)).text for path in paths}


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("visitor", [READER, COORDINATOR, CHAIR, OTHER_CHAIR])
async def test_words_for_oneself_or_the_partner_are_on_no_page(
    app: Starlette, client: httpx.AsyncClient, sign_in: SignIn, visitor: str
) -> None:
    await sign_in(client, visitor)
    shown = await pages(app, client)
    assert len(shown) > 60
    assert [path for path, page in shown.items() if ONLY_FOR_ONESELF in page or FOR_THE_PARTNER in page] == []
    # How satisfied somebody is, staff see in numbers only.
    assert "How satisfied are you" not in shown["/staff/mentorships/mile-2019-001"]


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("visitor", [READER, OTHER_CHAIR])
async def test_request_for_a_call_is_on_no_page_of_others(
    app: Starlette, client: httpx.AsyncClient, sign_in: SignIn, visitor: str
) -> None:
    await sign_in(client, visitor)
    shown = await pages(app, client)
    words = ("asked for a call", "Please call me", "call requested", "Person P")
    assert [(path, word) for path, page in shown.items() for word in words if word.lower() in page.lower()] == []


@pytest.mark.usefixtures("answered")
async def test_request_for_a_call_is_where_staff_look(
    app: Starlette, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await sign_in(client, COORDINATOR)
    shown = await pages(app, client)
    assert "asked for a call" in shown["/staff"]
    assert "Asked for a call" in shown["/staff/classes/mile-2019/board"]
    assert "Asked for a call" in shown["/staff/mentorships/mile-2019-001"]
    assert "Please call me" in shown["/staff/mentorships/mile-2019-001"]
