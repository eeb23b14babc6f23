"""How the service stands rises and falls in the metrics, where an operator's alert sees it."""

import asyncio
import re
import socket
import urllib.request
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, cast

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.common import MetricMeter
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode

from runtime.settings import Settings
from runtime.telemetry import start_telemetry
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.errors import MileError
from services.metrics import ServiceMetrics
from storage import outbox
from storage.service_status import stored_status
from tests.emails.relay import settings_for
from tests.emails.stored import NOW, PAIR, store_pair


class _Away:
    """A client whose server does not answer."""

    def __getattr__(self, name: str) -> Any:
        raise RPCError("away", RPCStatusCode.UNAVAILABLE, b"")


AWAY = cast(Client, _Away())


@pytest.fixture(autouse=True)
def _own_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    # The other tests of this process keep theirs.
    kept: list[Runtime] = []
    monkeypatch.setattr(Runtime, "set_default", kept.append)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def settings(**more: object) -> Settings:
    return settings_for("postgresql://nowhere", 1, **more)


async def served(port: int) -> dict[str, float]:
    """Return every metric of ours by its name and the value of its label."""

    def ask() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    lines = re.findall(r"^(mile_\w+)\{(.*)\} (\S+)$", await asyncio.to_thread(ask), re.MULTILINE)
    return {f"{name}{_label(labels)}": float(value) for name, labels, value in lines}


def _label(labels: str) -> str:
    return "".join(f" {value}" for key, value in re.findall(r'(\w+)="([^"]*)"', labels) if key != "service_name")


async def test_numbers_are_served_and_rise_and_fall(pool: asyncpg.Pool) -> None:
    port = free_port()
    metrics = ServiceMetrics(pool, AWAY, settings(), start_telemetry(settings(), f"127.0.0.1:{port}"))
    await metrics.report()
    before = await served(port)
    assert (before["mile_server_reachable postgresql"], before["mile_server_reachable temporal"]) == (1, 0)
    assert {before[name] for name in ("mile_emails_stuck", "mile_relay_paused", "mile_emails queued")} == {0}
    await store_pair(pool)
    await fail_for_an_hour(pool)
    await leave_a_response(pool)
    await pool.execute(
        "insert into backup_status values (true, now() - interval '9 days', now() - interval '27 hours')"
    )
    await metrics.report()
    during = await served(port)
    assert {during[name] for name in ("mile_emails_stuck", "mile_relay_paused", "mile_emails queued")} == {1}
    assert 3600 < during["mile_emails_oldest_seconds queued"] < 3900
    assert (during["mile_responses"], during["mile_responses_unsignaled"]) == (1, 1)
    assert 600 <= during["mile_sweeper_lag_seconds"] < 900
    assert 27 <= during["mile_backup_age_seconds"] / 3600 < 28
    await pool.execute("delete from outbox; update sender_status set paused_since = null; delete from response")
    await pool.execute("delete from backup_status")
    await metrics.report()
    after = await served(port)
    after.pop("mile_sender_silent_seconds")
    assert after == before


async def fail_for_an_hour(pool: asyncpg.Pool) -> None:
    email = QueuedEmail(
        key=f"{PAIR}/welcome/x/mentor/0", kind=EmailKind.WELCOME, to=Recipient.MENTOR, at=NOW, scope_id=PAIR, now=NOW
    )
    await outbox.enqueue(pool, email)
    await pool.execute("update outbox set failing_since = now() - $1::interval", timedelta(minutes=61))
    await outbox.set_sender_paused(pool, "ConnectionRefusedError")


async def leave_a_response(pool: asyncpg.Pool) -> None:
    await pool.execute(
        "insert into response (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload,"
        " received_at, stored_at) values ('r', 1, $1, 'check_in-1', 'mentor', 'check_in', '{}', '{}', now(),"
        " now() - interval '10 min')",
        PAIR,
    )


async def test_request_for_a_call_and_date_of_a_meeting_that_no_workflow_knows_of_count_like_responses(
    pool: asyncpg.Pool,
) -> None:
    await store_pair(pool)
    await pool.execute(
        "insert into call_request (id, revision, mentorship_id, side, about, words, signal_payload, received_at,"
        " stored_at) values ('c', 1, $1, 'mentee', 'call', '', '{}', now(), now() - interval '20 min')",
        PAIR,
    )
    await pool.execute(
        "insert into meeting_date (id, revision, mentorship_id, milestone_id, side, starts_at, minutes, place,"
        " question, cancelled, event, signal_payload, received_at, stored_at) values ('d', 1, $1, 'meeting-1',"
        " 'mentee', now(), 60, '', '', false, 1, '{}', now(), now() - interval '5 min')",
        PAIR,
    )
    status = await stored_status(pool)
    assert (status.responses, status.unsignaled_responses) == (0, 2)
    assert status.unsignaled_since == await pool.fetchval("select stored_at from call_request")
    await pool.execute("update call_request set signaled_at = now(); update meeting_date set signaled_at = now()")
    status = await stored_status(pool)
    assert (status.unsignaled_responses, status.unsignaled_since) == (0, None)


def test_without_an_address_nothing_is_served() -> None:
    assert start_telemetry(settings(), None) is MetricMeter.noop


def test_address_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(MileError, match=f"Metrics cannot be served at {taken}: the address is taken"):
            start_telemetry(settings(), taken)


async def test_metrics_are_sent_by_open_telemetry_where_the_settings_say_so(pool: asyncpg.Pool) -> None:
    received: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            loop.call_soon_threadsafe(received.put_nowait, body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        ours = settings(otlp_url=f"http://127.0.0.1:{server.server_port}/v1/metrics")
        await ServiceMetrics(pool, AWAY, ours, start_telemetry(ours, None)).report()
        async with asyncio.timeout(20):
            while b"mile_server_reachable" not in await received.get():
                pass
    finally:
        server.shutdown()
        server.server_close()
