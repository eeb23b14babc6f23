"""Every alert fires when its cause is there, and ends by what the run-book says; the rules run in a real Prometheus."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from runtime.local_stack.mail_sink import MailSink
from runtime.local_stack.ports import Ports
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.temporal import NEXT_DUE_AT
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from storage import outbox
from storage.database import open_pool
from tests.emails.stored import PAIR, store_pair
from tests.integration.observed import RULES, Observed, prometheus

pytestmark = pytest.mark.skipif(not shutil.which("prometheus"), reason="needs Prometheus: apt install prometheus")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def observed() -> AsyncIterator[Observed]:
    ports = Ports.free()
    addresses = {"mile-worker": f"127.0.0.1:{ports.web}", "mile-web": f"127.0.0.1:{ports.temporal}"}
    with tempfile.TemporaryDirectory(prefix="mile test ") as made, pytest.MonkeyPatch.context() as environment:
        environment.setenv("MILE_METRICS_ADDRESS", addresses["mile-worker"])
        environment.setenv("MILE_WEB_METRICS_ADDRESS", addresses["mile-web"])
        parts = frozenset({StackPart.WORKER, StackPart.WEB})
        async with (
            LocalStack(StackOptions(folder=Path(made) / "stack", ports=None, parts=parts)) as stack,
            prometheus(Path(made) / "prometheus", addresses) as port,
        ):
            yield Observed(stack, port)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pool(observed: Observed) -> AsyncIterator[asyncpg.Pool]:
    async with open_pool(observed.stack.settings.database_url.get_secret_value(), size=2) as pool:
        await store_pair(pool)
        yield pool


async def test_nothing_fires_where_all_is_well(observed: Observed) -> None:
    await asyncio.sleep(30)
    assert await observed.firing() == set()


async def test_no_process_of_pages(observed: Observed) -> None:
    observed.web().kill()
    await observed.wait_for("MileProcessDown")
    await observed.stack.start_web()
    await observed.wait_for_end("MileProcessDown")


async def test_hanging_temporal(observed: Observed) -> None:
    processes = observed.processes("temporal")
    for process in processes:
        process.suspend()
    await observed.wait_for("MileTemporalDown")
    for process in processes:
        process.resume()
    await observed.wait_for_end("MileTemporalDown")


async def test_hanging_postgresql_and_pages_that_fail(observed: Observed) -> None:
    processes = observed.processes("postgres")
    for process in processes:
        process.suspend()
    asked = asyncio.create_task(observed.ask_pages(20))
    await observed.wait_for("MilePostgresqlDown")
    await observed.wait_for("MilePagesFail")
    for process in processes:
        process.resume()
    await observed.wait_for_end("MilePostgresqlDown")
    assert max(await asked) >= 500
    # Pages that people see again.
    await observed.ask_pages(200)
    await observed.wait_for_end("MilePagesFail")


async def test_no_worker_and_what_it_leaves_undone(observed: Observed, pool: asyncpg.Pool) -> None:
    await observed.stack.kill_worker()
    await pool.execute("update sender_status set seen_at = now() - interval '10 minutes'")
    await pool.execute(
        "insert into response (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload,"
        " received_at, stored_at) values ('r', 1, $1, 'check_in-1', 'mentor', 'check_in', '{}', $2,"
        " now() - interval '10 min', now() - interval '10 min')",
        PAIR,
        '{"milestone": "check_in-1", "side": "mentor", "revision": 1, "received_at": "2026-01-01T00:00:00Z"}',
    )
    for alert in ("MileEmailSenderSilent", "MileResponsesUnsignaled", "MileNoWorker"):
        await observed.wait_for(alert)
    await observed.stack.start_worker()
    for alert in ("MileEmailSenderSilent", "MileNoWorker", "MileResponsesUnsignaled"):
        await observed.wait_for_end(alert)
    # What waited for the worker meanwhile shows afterwards, until the worker has caught up.
    await observed.wait_for_end("MileWorkflowTasksWait")


async def test_relay_that_is_away(observed: Observed, pool: asyncpg.Pool) -> None:
    await outbox.enqueue(pool, _email())
    await observed.wait_for("MileRelayPaused")
    sink = MailSink(observed.stack.folder / "mail", None)
    await sink.start(observed.stack.ports.mail)
    try:
        await observed.wait_for_end("MileRelayPaused")
    finally:
        await sink.stop()


async def test_email_that_was_given_up(observed: Observed, pool: asyncpg.Pool) -> None:
    await pool.execute("update outbox set state = 'dead'")
    await observed.wait_for("MileEmailsStuck")
    key = await pool.fetchval("select key from outbox limit 1")
    assert key in await observed.mile("emails", "stuck", "--json")
    await observed.mile("emails", "drop", key, "--note", "called instead", "--yes")
    await observed.wait_for_end("MileEmailsStuck")


async def test_backup_that_nobody_made_for_a_day(observed: Observed, pool: asyncpg.Pool, tmp_path: Path) -> None:
    await observed.mile("backup", str(tmp_path))
    await pool.execute("update backup_status set finished_at = finished_at - interval '27 hours'")
    await observed.wait_for("MileBackupOld")
    await observed.mile("backup", str(tmp_path))
    await observed.wait_for_end("MileBackupOld")


async def test_paused_schedule(observed: Observed) -> None:
    await observed.temporal("schedule", "toggle", "--schedule-id", "sweeper", "--pause", "--reason", "by hand")
    await observed.wait_for("MileScheduleLate")
    await observed.temporal("schedule", "toggle", "--schedule-id", "sweeper", "--unpause", "--reason", "by hand")
    await observed.wait_for_end("MileScheduleLate")


async def test_workflow_whose_steps_fail_is_named(observed: Observed) -> None:
    queue = observed.stack.settings.task_queue
    began = datetime.now(UTC)
    await observed.stack.client.start_workflow("NoSuchWorkflow", id="poisoned", task_queue=queue)
    await observed.wait_for("MileWorkflowsStuck")
    assert datetime.now(UTC) - began < timedelta(minutes=2)
    assert "poisoned" in await observed.mile("status")
    await observed.temporal("workflow", "terminate", "--workflow-id", "poisoned")
    await observed.wait_for_end("MileWorkflowsStuck")


async def test_workflow_whose_moment_passed(observed: Observed) -> None:
    due = TypedSearchAttributes([SearchAttributePair(NEXT_DUE_AT, datetime.now(UTC) - timedelta(hours=2))])
    await observed.stack.client.start_workflow(
        "NoSuchWorkflow", id="overdue", task_queue="nobody", search_attributes=due
    )
    await observed.wait_for("MileWorkflowsOverdue")
    assert "overdue" in await observed.mile("status")
    await observed.temporal("workflow", "terminate", "--workflow-id", "overdue")
    await observed.wait_for_end("MileWorkflowsOverdue")


async def test_tasks_that_wait_for_a_worker(observed: Observed) -> None:
    await observed.stack.kill_worker()
    queue = observed.stack.settings.task_queue
    await observed.stack.client.start_workflow("SweeperWorkflow", id="waits", task_queue=queue)
    await asyncio.sleep(12)
    await observed.stack.start_worker()
    await observed.wait_for("MileWorkflowTasksWait")
    await observed.wait_for_end("MileWorkflowTasksWait")


def test_every_alert_is_caused_here() -> None:
    alerts = set(re.findall(r"- alert: (\w+)", RULES.read_text()))
    assert alerts == set(re.findall(r"\bMile[A-Z]\w+", Path(__file__).read_text()))


def _email() -> QueuedEmail:
    now = datetime.now(UTC)
    return QueuedEmail(
        key=f"{PAIR}/welcome/x/mentor/0", kind=EmailKind.WELCOME, to=Recipient.MENTOR, at=now, scope_id=PAIR, now=now
    )
