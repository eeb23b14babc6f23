"""A sender that is killed at any line of the send path: no email is lost, and only ambiguous ones come twice."""

import asyncio
import json
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schemas.emails.messages import QueuedEmail
from schemas.enums import Recipient
from storage import outbox as rows
from tests.emails.relay import Delivery, Relay
from tests.emails.test_sender import call_note, check_in

# MILE_TEST_KILLS=200 MILE_TEST_SEED=2 kills more often, at other lines.
KILLS = int(os.environ.get("MILE_TEST_KILLS", "8"))
SEED = int(os.environ.get("MILE_TEST_SEED", "1"))


class Process:
    """The process that forks senders."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def run(self, kill_at: int = 0) -> int:
        """Deliver what is queued; return how many lines that took, or -1 where it was killed."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{kill_at}\n".encode())
        await self._process.stdin.drain()
        async with asyncio.timeout(60):
            return int(await self._process.stdout.readline())


@pytest.fixture
async def killable(outbox: Delivery) -> AsyncIterator[Process]:
    settings = outbox.settings.model_dump(mode="json")
    settings |= {name: getattr(outbox.settings, name).get_secret_value() for name in ("database_url", "link_secret")}
    command = [sys.executable, str(Path(__file__).with_name("killable_sender.py")), json.dumps(settings)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    yield Process(process)
    assert process.returncode is None
    process.kill()
    await process.wait()


def emails_of(attempt: int) -> list[QueuedEmail]:
    pair = [check_in(attempt, to) for to in (Recipient.MENTOR, Recipient.MENTEE)]
    note = call_note()
    return [*pair, note.model_copy(update={"key": note.key.replace("/call/", f"/call-{attempt}/")})]


async def _tried(outbox: Delivery) -> set[str]:
    rows = await outbox.pool.fetch(
        "select key from outbox where state = 'sending' or state = 'queued' and attempts > 0"
    )
    return {row["key"] for row in rows}


async def _deliver_rest(outbox: Delivery, killable: Process) -> set[str]:
    """Deliver what is left, as if each lease and delay had ended; return the keys of what may have left before.

    On a loaded machine the relay may answer too late: such an attempt is ambiguous, too, and repeated later.
    """
    in_flight = await _tried(outbox)
    for _ in range(5):
        await outbox.pool.execute("update outbox set next_attempt_at = now() where state in ('sending', 'queued')")
        await killable.run()
        again = await _tried(outbox)
        in_flight |= again
        if not again:
            break
    return in_flight


async def test_no_email_is_lost_and_only_those_in_flight_come_twice(
    outbox: Delivery, relay: Relay, killable: Process
) -> None:
    await rows.enqueue(outbox.pool, *emails_of(0))
    lines = await killable.run()
    chosen, killed, repeated = random.Random(SEED), 0, 0  # noqa: S311 - no secret
    for attempt in range(1, KILLS + 1):
        before = len(relay.accepted)
        await rows.enqueue(outbox.pool, *emails_of(attempt))
        killed += await killable.run(chosen.randint(1, lines)) == -1
        in_flight = await _deliver_rest(outbox, killable)
        arrived = Counter(str(message["Message-ID"]) for message in relay.messages[before:])
        keys = [email.key for email in emails_of(attempt)]
        sent = await outbox.pool.fetch("select message_id, key from outbox where key = any($1)", keys)
        expected = {row["message_id"]: row["key"] for row in sent}
        assert set(expected.values()) == set(keys)
        assert set(arrived) == set(expected)
        twice = {expected[id_] for id_, count in arrived.items() if count > 1}
        assert twice <= in_flight
        assert max(arrived.values()) <= 2
        repeated += len(twice)
        assert len({raw for _, raw in relay.accepted[before:]}) == len(expected)
    assert await outbox.pool.fetchval("select count(*) from outbox where state <> 'sent'") == 0
    assert killed >= KILLS * 0.8
    sys.stdout.write(f"{killed} of {KILLS} senders killed within {lines} lines; ")
    sys.stdout.write(f"0 of {3 * KILLS} emails lost, {repeated} repeated\n")
