"""How fast 1,000 emails leave: our sender with its outbox and rendering, beside bare aiosmtplib with ready messages.

Run ``python benchmarks/sending.py [EMAILS]``. A sender is a process of its own, as a worker is; two of them share the
outbox, as two workers do. The bare client delivers in two ways: over connections that it keeps, as the sender does, and
by ``aiosmtplib.send``, which opens a connection for each message, as simple programs do. The goal is set against the
faster one. Each sender has as many connections at a time as the bare client, to the same SMTP sink, a process of its
own; they take turns in each repetition. The emails are a class's whole plan, each kind in turn. One sink answers at
once, which no relay does; one is the local stack's own mailbox, which stores each email before it accepts it; one
answers like a relay whose replies take 10 ms. Participants have had emails before, so that their links to pause
reminders are stored. The figures are printed and stored in benchmarks/results/. The seconds are those of the machine;
what counts is the ratio.
"""

import asyncio
import contextlib
import gc
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, Self

import aiosmtplib
import asyncpg
import structlog
import uvloop
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.starting import KICKOFF, NOW, matches_of, people, settings_of
from domain.calendar import months_after
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from emails.return_path import return_path
from emails.sender import CONNECTIONS, EmailSender
from emails.writer import EmailWriter
from runtime.local_stack.mail_sink import MailSink
from runtime.local_stack.postgres import Postgres
from runtime.migrations import migrate
from runtime.settings import Settings
from schemas.emails.messages import ClaimedEmail, QueuedEmail
from schemas.enums import EmailKind
from schemas.ids import email_key
from schemas.mentorship.state import Plan, PlannedEmail
from storage import cohorts, mentorships, outbox
from storage.database import open_pool

RESULTS = Path(__file__).parent / "results"
EMAILS = 1000
REPETITIONS = 5
GOAL = 0.7
WIDTH = 40
# High enough that the rate limit is no part of what is measured.
EMAILS_PER_SECOND = 1_000_000
POLL_INTERVAL_SECONDS = 0.01


class Rates(NamedTuple):
    """Emails a second, and milliseconds of whoever sends in processor time an email.

    ``senders`` are two, ``bare`` keeps its connections, ``single`` opens one for each message.
    """

    sender: float
    senders: float
    bare: float
    single: float
    sender_ms: float
    senders_ms: float
    bare_ms: float
    single_ms: float


class Timer:
    """The seconds of a block, by the clock and by the processor."""

    def __enter__(self) -> Self:
        """Begin with the garbage of the block before collected."""
        gc.collect()
        self._began, self._cpu_began = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.seconds = time.perf_counter() - self._began
        self.cpu_seconds = time.process_time() - self._cpu_began


class Sink:
    """Accepts every message and keeps none; each of three replies to a message comes after some seconds."""

    def __init__(self, reply_seconds: float) -> None:
        self._reply_seconds = reply_seconds

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self._reply_seconds)
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self._reply_seconds)
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        await asyncio.sleep(self._reply_seconds)
        return "250 taken"


class StoringSink(MailSink):
    """The local stack's own mailbox, in a folder that nobody reads."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mile-benchmark-")
        super().__init__(Path(self._folder.name) / "mailbox")


SINKS: dict[str, Callable[[], object]] = {
    "a sink that answers at once": partial(Sink, 0.0),
    "the local stack's mailbox, which stores each email": StoringSink,
    "a sink whose replies take 10 ms": partial(Sink, 0.01),
}


def serve_sink(port: Connection, name: str) -> None:
    """Serve a sink on a port that is sent to whoever started it, until this process is ended."""
    uvloop.run(_serve_sink(port, SINKS[name]()))


async def _serve_sink(port: Connection, handler: object) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="localhost", loop=loop), "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


@contextlib.contextmanager
def sink(name: str) -> Iterator[int]:
    """Run a sink in a process of its own and yield its port."""
    spawn = get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve_sink, args=(theirs, name), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


class SenderProcess:
    """A sender in a process of its own, which sends from ``begin`` to ``end``."""

    def __init__(self, settings: Settings) -> None:
        spawn = get_context("spawn")
        self._orders, theirs = spawn.Pipe()
        self._process = spawn.Process(target=serve_sender, args=(theirs, settings), daemon=True)
        self._process.start()
        self._orders.recv()

    def begin(self) -> None:
        """Let it send."""
        self._orders.send(None)

    def end(self) -> float:
        """Let it stop; return the seconds of processor time since it began."""
        self._orders.send(None)
        seconds: float = self._orders.recv()
        self._orders.recv()
        return seconds

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()


def serve_sender(orders: Connection, settings: Settings) -> None:
    """Send whenever it is ordered, until this process is ended."""
    quiet()
    # On the loop on which a worker sends, too.
    uvloop.run(_serve_sender(orders, settings))


async def _serve_sender(orders: Connection, settings: Settings) -> None:
    async def unwanted(email: ClaimedEmail) -> None:
        raise AssertionError(email.key)

    async with open_pool(settings.database_url.get_secret_value()) as pool:
        while True:
            gc.collect()
            orders.send(None)
            await asyncio.to_thread(orders.recv)
            began = time.process_time()
            sending = asyncio.create_task(EmailSender(pool, settings, unwanted).run())
            await asyncio.to_thread(orders.recv)
            orders.send(time.process_time() - began)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


def quiet() -> None:
    """Log no line for each email, which would be part of what is measured."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


async def store_class(pool: asyncpg.Pool, pairs: int) -> list[QueuedEmail]:
    """Store a class with its plans and return two emails of each mentorship, so that every kind has its turn."""
    settings = settings_of("large")
    members = [people(number) for number in range(1, pairs + 1)]
    await cohorts.save_cohort(pool, settings, [one for one, _ in members], [one for _, one in members], NOW)
    days = {"starts_on": KICKOFF, "ends_on": months_after(KICKOFF, settings.timeline.months)}
    ids = await mentorships.save_pairs(pool, settings.id, matches_of(members), **days, now=NOW)
    chosen: list[QueuedEmail] = []
    for number, id_ in enumerate(ids):
        planned = plan(initial_terms(settings, id_, goals=1), NOW)
        await mentorships.save_plan(pool, id_, planned, NOW)
        for place in (2 * number, 2 * number + 1):
            chosen.append(queued(id_, planned, planned.emails[place % len(planned.emails)]))
    return chosen


def queued(mentorship: str, planned: Plan, email: PlannedEmail) -> QueuedEmail:
    """Return a planned email as it stands in the outbox."""
    ask = email.asks[0]
    kind = EmailKind(planned.milestone(ask.milestone).kind)
    return QueuedEmail(
        key=email_key(mentorship, kind, ask.milestone, email.to, ask.occurrence),
        kind=kind,
        to=email.to,
        at=email.at,
        asks=email.asks,
        scope_id=mentorship,
        now=NOW,
    )


async def by_senders(pool: asyncpg.Pool, senders: Sequence[SenderProcess], emails: list[QueuedEmail]) -> Timer:
    """Return what it took from a full outbox to the last email sent."""
    await pool.execute("delete from link; delete from outbox")
    await outbox.enqueue(pool, *emails)

    with Timer() as timer:
        for sender in senders:
            sender.begin()
        while await pool.fetchval("select exists (select from outbox where state <> 'sent')"):  # noqa: ASYNC110
            await asyncio.sleep(POLL_INTERVAL_SECONDS)
    timer.cpu_seconds = sum(sender.end() for sender in senders)
    return timer


async def by_bare_client(port: int, messages: list[tuple[str, bytes]]) -> Timer:
    """Return what aiosmtplib takes for ready messages over as many connections as the sender has."""
    left = iter(messages)

    async def deliver() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as client:
            for recipient, message in left:
                await client.sendmail("mile@example.org", [recipient], message)

    with Timer() as timer:
        await asyncio.gather(*(deliver() for _ in range(CONNECTIONS)))
    return timer


async def by_single_sends(port: int, messages: list[tuple[str, bytes]]) -> Timer:
    """Return what ``aiosmtplib.send`` takes, with a connection for each message and as many at a time as the sender."""
    left = iter(messages)

    async def deliver() -> None:
        for recipient, message in left:
            await aiosmtplib.send(
                message, sender="mile@example.org", recipients=[recipient], hostname="127.0.0.1", port=port
            )

    with Timer() as timer:
        await asyncio.gather(*(deliver() for _ in range(CONNECTIONS)))
    return timer


async def composed(pool: asyncpg.Pool, settings: Settings, emails: list[QueuedEmail]) -> list[tuple[str, bytes]]:
    """Return the emails as the messages that the sender delivers."""
    writer = EmailWriter(pool, settings)
    messages: list[tuple[str, bytes]] = []
    for email in emails:
        outgoing = await writer.write(email)
        assert outgoing is not None
        claimed = ClaimedEmail(**email.model_dump(), cohort_id="large", attempts=1, first_attempt_at=email.at)
        path = return_path(settings, email.key, outgoing.recipient.addr_spec)
        messages += outgoing.messages(settings, claimed, path.message_id)
    return messages


@contextlib.asynccontextmanager
async def database() -> AsyncIterator[str]:
    """Start an empty PostgreSQL and yield its address."""
    with tempfile.TemporaryDirectory(prefix="mile-benchmark-") as folder:
        server = Postgres(Path(folder) / "postgres", Path(folder) / "postgres.log", print, throwaway=True)
        try:
            await server.start()
            migrate(server.url)
            yield server.url
        finally:
            await server.stop()


def settings_for(url: str, port: int) -> Settings:
    """Return settings with a sink on this port."""
    return Settings.model_validate(
        {
            "database_url": url,
            "link_secret": "0123456789abcdef" * 2,
            "public_url": "https://mile.example.org",
            "sender": "mile@example.org",
            "smtp_port": port,
            "emails_per_second": EMAILS_PER_SECOND,
        }
    )


async def measured(count: int) -> dict[str, list[Rates]]:
    """Return for each sink what each repetition measured."""
    found = {}
    async with database() as url, open_pool(url) as pool:
        emails = await store_class(pool, count // 2)
        for name in SINKS:
            with sink(name) as port:
                found[name] = await side_by_side(pool, settings_for(url, port), emails)
    return found


async def side_by_side(pool: asyncpg.Pool, settings: Settings, emails: list[QueuedEmail]) -> list[Rates]:
    """Return the rates of all four, measured in turn."""
    messages, rates = await composed(pool, settings, emails), []
    with contextlib.ExitStack() as stack:
        one, another = (SenderProcess(settings) for _ in range(2))
        for process in (one, another):
            stack.callback(process.close)
        for _ in range(REPETITIONS):
            timers = (
                await by_senders(pool, [one], emails),
                await by_senders(pool, [one, another], emails),
                await by_bare_client(settings.smtp_port, messages),
                await by_single_sends(settings.smtp_port, messages),
            )
            speeds = [len(messages) / timer.seconds for timer in timers]
            rates.append(Rates(*speeds, *(timer.cpu_seconds * 1e3 / len(messages) for timer in timers)))
    return rates


def drawing(name: str, rates: list[Rates]) -> str:
    """Return the medians as bars and what the sender's rate is of the others', as medians of the repetitions."""
    medians = [statistics.median(column) for column in zip(*rates, strict=True)]
    who = ("our sender", "two senders", "bare aiosmtplib, connections kept", "bare aiosmtplib, a connection each")
    speeds, costs = medians[: len(who)], medians[len(who) :]
    bars = [
        f"  {name:<34} {'█' * round(WIDTH * rate / max(speeds)):<{WIDTH}} {rate:5.0f} emails/s, {ms:.2f} ms of CPU"
        for name, rate, ms in zip(who, speeds, costs, strict=True)
    ]
    ratios = [
        f"  ratio {_ratio([one.sender / one.bare for one in rates])}, goal {GOAL}",
        f"  ratio {_ratio([one.senders / one.bare for one in rates])}, of two senders",
        f"  ratio {_ratio([one.sender / one.single for one in rates])}, to a bare client with a connection each",
    ]
    return "\n".join([f"{name}:", *bars, *ratios])


def _ratio(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} repetitions)"


def main() -> None:
    """Measure, print the figures and keep them."""
    quiet()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EMAILS
    found = uvloop.run(measured(count))
    # Beside other programs, everything takes more processor time, and rates say little.
    load = f"load of the machine over the last 15 minutes: {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores"
    drawn = "\n\n".join([*(drawing(name, rates) for name, rates in found.items()), load])
    print(drawn)
    RESULTS.mkdir(exist_ok=True)
    rows = {
        name: [{who: round(rate, 2) for who, rate in one._asdict().items()} for one in of] for name, of in found.items()
    }
    (RESULTS / "sending.json").write_text(json.dumps({"emails": count, "emails_per_second": rows}, indent=2) + "\n")
    (RESULTS / "sending.md").write_text(f"# {count:,} emails to a local sink\n\n```\n{drawn}\n```\n")


if __name__ == "__main__":
    main()
