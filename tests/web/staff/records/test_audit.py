"""The audit log on a page: people by name, filtered by person, pair and day, and the same as a file."""

import csv
import io
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from storage import audit
from tests.web.staff.conftest import CHAIR, COORDINATOR, SignIn
from tests.web.staff.pages import words

AUDIT = "/staff/classes/mile-2019/audit"
PAIR = "mile-2019-001"


@pytest.fixture
async def events(pool: asyncpg.Pool) -> None:
    """Four events: of staff about the pair, of the mentee, of the service, and one of another class."""
    for day, actor, action, cohort, more in (
        (1, f"staff:{CHAIR}", "paused", "mile-2019", {"mentorship_id": PAIR, "details": {"note": "=1+1"}}),
        (2, "participant:P01", "reminders_paused", "mile-2019", {"person_id": "P01"}),
        (3, "service:sweeper", "draft_matched", "mile-2019", {"details": {"run": 4, "nobody": None}}),
        (4, "staff:other@example.org", "resumed", "mile-2021", {}),
    ):
        event = AuditEvent.model_validate(
            {
                "happened_at": datetime(2019, 6, day, 12, tzinfo=UTC),
                "actor": Actor.parse(actor),
                "action": action,
                "cohort_id": cohort,
                **more,
            }
        )
        await audit.save_event(pool, event)


async def listed(client: httpx.AsyncClient, **asked: str) -> list[str]:
    """Return what happened according to the file, with the names in it."""
    answer = await client.get(f"{AUDIT}.csv", params=asked)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return [f"{row['who']}: {row['what']} {row['mentorship']}{row['person']}".strip() for row in rows]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {},
            [
                "The service: Draft matched",
                "Person P: Reminders paused Person P",
                f"{CHAIR}: Paused Person M and Person P",
            ],
        ),
        ({"person": "P01"}, ["Person P: Reminders paused Person P"]),
        ({"mentorship": PAIR}, [f"{CHAIR}: Paused Person M and Person P"]),
        ({"since": "2019-06-02", "until": "2019-06-02"}, ["Person P: Reminders paused Person P"]),
        ({"since": "2019-06-04"}, []),
    ],
)
@pytest.mark.usefixtures("events")
async def test_log_is_filtered_and_speaks_of_people_by_name(
    client: httpx.AsyncClient, sign_in: SignIn, asked: dict[str, str], expected: list[str]
) -> None:
    await sign_in(client, COORDINATOR)
    assert await listed(client, **asked) == expected
    page = words(await client.get(AUDIT, params=asked))
    for event in expected:
        assert event.partition(": ")[2].partition(" Person")[0] in page
    assert ("Nothing matches." in page) == (not expected)
    assert "Resumed" not in page


@pytest.mark.usefixtures("events")
async def test_note_cannot_be_a_formula_of_a_spreadsheet(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    content = (await client.get(f"{AUDIT}.csv")).text
    assert "'=1+1" in content
    assert ",=1+1" not in content


async def test_file_has_all_events_and_says_numbers_in_words(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await pool.execute(
        "insert into audit_event (happened_at, cohort_id, actor, action, details, completed) "
        "select now() + n * interval '1 second', 'mile-2019', 'staff:amina', 'imported', "
        """jsonb_build_object('added', n, 'changed', 0), true from generate_series(1, 1001) n"""
    )
    await sign_in(client, COORDINATOR)
    rows = list(csv.DictReader(io.StringIO((await client.get(f"{AUDIT}.csv")).content.decode("utf-8-sig"))))
    assert [rows[0]["details"], rows[1000]["details"]] == ["added: 1001; changed: 0", "added: 1; changed: 0"]


async def test_day_that_is_none_is_said_beside_it(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    answer = await client.get(AUDIT, params={"since": "soon"})
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text
    assert 'id="since-problem"' in answer.text
