"""Stuck emails and a relay that accepts nothing rise in the metrics, where an operator's alert sees them."""

import asyncio
import re
import socket
import urllib.request
from datetime import timedelta

import pytest
from temporalio.common import MetricMeter
from temporalio.runtime import Runtime

from emails.metrics import EmailMetrics
from runtime.metrics import serve_metrics
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from storage import outbox
from tests.emails.relay import Delivery, settings_for
from tests.emails.stored import NOW, PAIR


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


async def served(port: int) -> dict[str, int]:
    def ask() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    lines = re.findall(r"^(mile_\w+)(?:\{.*\})? (\d+)$", await asyncio.to_thread(ask), re.MULTILINE)
    return {name: int(value) for name, value in lines}


async def test_numbers_are_served_and_rise_and_fall(outbox: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    # The other tests of this process keep theirs.
    kept: list[Runtime] = []
    monkeypatch.setattr(Runtime, "set_default", kept.append)
    port = free_port()
    settings = settings_for("postgresql://nowhere", 1, metrics_address=f"127.0.0.1:{port}")
    metrics = EmailMetrics(outbox.pool, serve_metrics(settings))
    await metrics.report()
    assert await served(port) == {"mile_emails_stuck": 0, "mile_relay_paused": 0}
    await fail_for_an_hour(outbox)
    await metrics.report()
    assert await served(port) == {"mile_emails_stuck": 1, "mile_relay_paused": 1}
    await outbox.pool.execute("delete from outbox; update sender_status set paused_since = null")
    await metrics.report()
    assert await served(port) == {"mile_emails_stuck": 0, "mile_relay_paused": 0}


async def fail_for_an_hour(delivery: Delivery) -> None:
    email = QueuedEmail(
        key=f"{PAIR}/welcome/x/mentor/0",
        kind=EmailKind.WELCOME,
        to=Recipient.MENTOR,
        at=NOW,
        scope_id=PAIR,
        now=NOW,
    )
    await outbox.enqueue(delivery.pool, email)
    await delivery.pool.execute("update outbox set failing_since = now() - $1::interval", timedelta(minutes=61))
    await outbox.set_sender_paused(delivery.pool, "ConnectionRefusedError")


def test_without_an_address_nothing_is_served() -> None:
    assert serve_metrics(settings_for("postgresql://nowhere", 1)) is MetricMeter.noop
