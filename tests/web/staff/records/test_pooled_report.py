"""Several classes reported together from the console: only one's own, and the audit log says which."""

from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from domain.report.figures import make_report
from schemas.enums import StaffAccess
from storage import reports
from tests.web.staff.conftest import COORDINATOR, SignIn, give

TOGETHER = "/staff/classes/mile-2019/reports/together"


@pytest.fixture
async def staff(app: object, client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn) -> httpx.AsyncClient:
    """The browser of somebody who works with both classes."""
    await give(pool, "mile-2021", COORDINATOR, StaffAccess.COORDINATOR)
    await sign_in(client, COORDINATOR)
    return client


async def test_other_class_can_be_chosen_and_why_not_is_said(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    assert 'value="mile-2021"' in (await staff.get(TOGETHER)).text
    refused = await staff.post(TOGETHER, data={"classes": "mile-2021"})
    assert refused.status_code == 409
    assert 'value="mile-2021" checked' in refused.text
    assert await pool.fetchval("select count(*) from audit_event") == 0


async def test_class_of_others_cannot_be_chosen(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    assert "You work with no other class." in (await client.get(TOGETHER)).text
    assert (await client.post(TOGETHER, data={"classes": "mile-2021"})).status_code == 422


async def test_report_is_shown_and_in_the_audit_log(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    for cohort in ("mile-2019", "mile-2021"):
        await reports.save_report(
            pool, make_report(await reports.cohort_records(pool, cohort, datetime.now(UTC))), datetime.now(UTC)
        )
    shown = await staff.post(TOGETHER, data={"classes": "mile-2021"})
    assert shown.status_code == 200, shown.text
    assert "2021 Mentorship Program" in shown.text
    logged = await pool.fetch("select cohort_id, actor from audit_event order by 1")
    assert [tuple(row) for row in logged] == [(id_, f"staff:{COORDINATOR}") for id_ in ("mile-2019", "mile-2021")]
