"""A rehearsal of a whole class that is backed up while it runs, and of which one database is restored ten minutes old.

In the ten minutes staff pause, extend, end and replace, emails leave, and a mentor answers. Then one database is of
before and the other of after: the rehearsal must end as the one of the same seed in which nothing was restored.
"""

import asyncio
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import STAFF, Environment, open_environment
from rehearsal.folder import read_folder
from rehearsal.http_client import open_page, submit_form
from rehearsal.inbox import Inbox, plain_text
from rehearsal.personas import SimulatedParticipant, Visit
from rehearsal.record import read_record
from runtime.local_stack.backup import DUMP, MANIFEST, back_up, read_backup, restore
from runtime.local_stack.stack import POSTGRES_FOLDER, TEMPORAL_FILE, LocalStack, StackOptions, StackPart
from runtime.local_stack.temporal_server import TIME_SKIPPING
from schemas.audit import AuditResult, DriftKind
from schemas.cohort.folder import CohortFolder
from schemas.enums import EndingReason, Outcome, Side
from schemas.mentorship.changes import EndRequest, ExtendRequest, PauseRequest
from schemas.personas import Persona
from schemas.rehearsal import RehearsalRecord
from services.drift_audit.auditor import audit_drift
from services.mentorships.changes import make_change
from services.mentorships.lookup import find_mentorship
from services.mentorships.replacement import find_candidates, replace_mentor
from storage import mentorships
from tests.workflows.conftest import EXAMPLES, StepCounter

SEED = 3
ASKS_AT = timedelta(minutes=1)
SECRET = "0123456789abcdef" * 4
PAUSE = PauseRequest(from_on=date(2017, 8, 21), until_on=date(2017, 9, 18))
END = EndRequest(outcome=Outcome.MENTEE_WITHDREW, reason=EndingReason.TIME)
# Longer than an audit waits for a signal that may be on its way.
BEFORE_THE_AUDIT = timedelta(minutes=3)


@dataclass(frozen=True)
class Order:
    """Which of the two backups each database is restored from."""

    temporal: str
    postgres: str


OLDER_TEMPORAL, OLDER_POSTGRESQL = Order("before", "after"), Order("after", "before")


@dataclass
class Played:
    """What a play came to: its record, every email that arrived with its recipient, and what the audit found."""

    record: RehearsalRecord
    arrived: Counter[tuple[str, str]]
    audited: AuditResult | None = None
    decided: dict[str, str] = field(default_factory=dict)

    def outcomes(self) -> dict[str, object]:
        return {
            one.id: (one.mentor, one.mentee, one.outcome, one.starts_on, one.ends_on, one.quarters)
            for one in self.record.mentorships
        }

    def responses(self) -> dict[str, tuple[object, ...]]:
        return {each.id: (each.form, each.side, each.at) for one in self.record.mentorships for each in one.responses}


class RestoredPlay:
    """One play of the class on a stack of its own, with backups before and after what staff decide."""

    def __init__(self, folder: CohortFolder, stack: LocalStack, environment: Environment, made: Path) -> None:
        self._folder = folder
        self._stack = stack
        self._environment = environment
        self._made = made
        self._simulation = CohortSimulation(environment, folder, seed=SEED, observer=StepCounter())
        self._decided: dict[str, str] = {}

    async def play(self, order: Order | None) -> Played:
        simulation, cohort = self._simulation, self._folder.settings.id
        handle, overview = await simulation.run_until_kickoff()
        await simulation.start_mentorships()
        asks_at = await self._first_check_in()
        ids = [row["id"] for row in await mentorships.mentorships(self._environment.pool, cohort)]
        overview = await simulation.run_until(handle, overview, asks_at - 4 * ASKS_AT)

        # The clocks move while the backup is made.
        self._move_clocks(ids, asks_at - 2 * ASKS_AT)
        before = asyncio.create_task(self._back_up("before"))
        overview = await simulation.run_until(handle, overview, asks_at - ASKS_AT)
        await before

        overview = await simulation.run_until(handle, overview, asks_at)
        await self._schedule_decisions(ids, asks_at + 3 * ASKS_AT)
        overview = await simulation.run_until(handle, overview, asks_at + 5 * ASKS_AT)
        await self._back_up("after")
        audited = None
        later = asks_at + BEFORE_THE_AUDIT + 5 * ASKS_AT
        if order:
            await self._restore(order)
            overview = await simulation.resume(handle, ids)
        self._move_clocks(ids, later)
        overview = await simulation.run_until(handle, overview, later)
        if order:
            audited = await audit_drift(self._environment.services, STAFF, cohort, repair=True, everybody=True)
            overview = await simulation.resume(handle, [*ids, self._decided["successor"]])
        await simulation.finish(handle, overview)
        record = await read_record(self._environment, self._folder, seed=SEED, seconds=0)
        messages = self._environment.inbox.messages
        arrived = Counter((str(message["Message-ID"]), str(message["To"])) for message in messages)
        return Played(record, arrived, audited, self._decided)

    async def _first_check_in(self) -> datetime:
        query = "select min(opens_at) from milestone where kind = 'check_in' and mentorship_id like $1"
        opens_at: datetime = await self._environment.pool.fetchval(query, f"{self._folder.settings.id}-%")
        return opens_at

    def _move_clocks(self, ids: list[str], at: datetime) -> None:
        async def nothing() -> None:
            """Only the clock moves."""

        for id_ in ids:
            self._simulation.schedule(id_, at, nothing)

    async def _schedule_decisions(self, ids: list[str], at: datetime) -> None:
        answered = await self._answers_later(ids)
        paused, extended, ended, replaced = [id_ for id_ in ids if id_ != answered][:4]
        self._decided |= {"paused": paused, "extended": extended, "ended": ended, "replaced": replaced}
        self._decided["answered"] = answered
        steps: dict[str, Callable[[], Awaitable[str | None]]] = {
            paused: partial(self._change, paused, PAUSE),
            extended: partial(self._change, extended, ExtendRequest(months=2)),
            ended: partial(self._change, ended, END),
            replaced: partial(self._replace, replaced),
            answered: partial(self._answer, answered, at),
        }
        for id_, step in steps.items():
            self._simulation.schedule(id_, at, step)

    async def _answers_later(self, ids: list[str]) -> str:
        """Return a mentorship whose mentor will answer, some hours after the email."""
        for id_ in ids:
            mentor = (await mentorships.partners(self._environment.pool, id_)).of(Side.MENTOR).id
            if self._folder.personas[mentor].persona is Persona.KEEN:
                return id_
        raise LookupError("nobody is keen")

    async def _change(self, id_: str, change: PauseRequest | ExtendRequest | EndRequest) -> None:
        services = self._environment.services
        await make_change(services, STAFF, await find_mentorship(services, id_), change)

    async def _replace(self, id_: str) -> str | None:
        services = self._environment.services
        pair = await find_mentorship(services, id_)
        mentor = (await find_candidates(services, pair)).available[0].mentor
        made = await replace_mentor(services, STAFF, pair, mentor, EndingReason.CIRCUMSTANCES)
        self._decided["successor"] = str(made.successor)
        return made.successor

    async def _answer(self, id_: str, at: datetime) -> None:
        """Let a mentor answer the check-in by the link that just came."""
        key = await self._environment.pool.fetchval(
            "select key from outbox where scope_id = $1 and recipient = 'mentor' and kind = 'check_in'",
            id_,
        )
        message = self._environment.inbox.message(self._environment.settings, key)
        [url] = set(re.findall(r"http\S+/r/[a-z2-7]{26}", plain_text(message)))
        page = await open_page(self._environment.http, url)
        mentor = (await mentorships.partners(self._environment.pool, id_)).of(Side.MENTOR).id
        settings = self._folder.settings
        participant = SimulatedParticipant(
            mentor, self._folder.personas[mentor], settings.timeline, settings.time_zone, SEED
        )
        visit = Visit(at=at, url=url, email_key=key, milestone="check_in-1", submissions=1)
        values = participant.respond_to(visit, page)
        await submit_form(self._environment.http, url, values or {})

    async def _back_up(self, name: str) -> Path:
        url = self._stack.settings.database_url.get_secret_value()
        made, _ = await asyncio.to_thread(back_up, self._stack.folder, url, self._made / name)
        return made

    async def _restore(self, order: Order) -> None:
        """Stop the servers, put each database of its backup in place, and start them again."""
        mixed = self._made / "mixed"
        mixed.mkdir()
        parts = {TEMPORAL_FILE: order.temporal, DUMP: order.postgres}
        for file, name in parts.items():
            [folder] = (self._made / name).iterdir()
            shutil.copy(folder / file, mixed / file)
            manifest = read_backup(folder)
        digests = {name: hashlib.sha256((mixed / name).read_bytes()).hexdigest() for name in parts}
        (mixed / MANIFEST).write_text(manifest.model_copy(update={"sha256": digests}).model_dump_json())
        fresh = self._made / "fresh"
        await restore(mixed, fresh)
        await self._stack.kill_worker()
        await self._stack.stop_servers()
        await asyncio.to_thread(_put_in_place, fresh, self._stack.folder)
        await self._stack.start_servers()
        await self._stack.start_worker()


def _put_in_place(fresh: Path, stack: Path) -> None:
    for name in (TEMPORAL_FILE, POSTGRES_FOLDER):
        subprocess.run(["rm", "-rf", *map(str, stack.glob(f"{name}*"))], check=True)
        os.rename(fresh / name, stack / name)


@asynccontextmanager
async def durable_stack(folder: Path, inbox: Inbox) -> AsyncIterator[LocalStack]:
    """A stack whose Temporal keeps what it has and can skip time, with a worker that runs no nightly audit."""
    options = StackOptions(folder=folder, ports=None, parts=frozenset({StackPart.MAIL}), dynamic=TIME_SKIPPING)
    async with LocalStack(options, on_mail=inbox.receive) as stack:
        stack.settings = stack.settings.model_copy(update={"clock_file": folder / "clock.json"})
        await stack.start_worker()
        try:
            yield stack
        finally:
            await stack.kill_worker()


def _give_secret(folder: Path) -> None:
    """Give a stack's folder the same secret in each play, so that its emails have the same Message-IDs."""
    folder.mkdir()
    (folder / "link-secret").write_text(SECRET)


async def play(folder: CohortFolder, order: Order | None) -> Played:
    inbox = Inbox()
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        _give_secret(Path(made) / "stack")
        async with (
            durable_stack(Path(made) / "stack", inbox) as stack,
            open_environment(stack.settings, stack.client, inbox) as environment,
        ):
            return await RestoredPlay(folder, stack, environment, Path(made)).play(order)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def undisturbed(mile_2017: CohortFolder) -> Played:
    return await play(mile_2017, None)


@pytest.fixture(scope="module")
def mile_2017() -> CohortFolder:
    return read_folder(EXAMPLES / "mile-2017")


@pytest.mark.parametrize("order", [OLDER_TEMPORAL, OLDER_POSTGRESQL], ids=["older Temporal", "older PostgreSQL"])
async def test_rehearsal_ends_as_if_nothing_had_been_restored(
    order: Order, undisturbed: Played, mile_2017: CohortFolder
) -> None:
    played = await play(mile_2017, order)
    print_counts(undisturbed, played)
    assert played.decided == undisturbed.decided
    assert played.audited is not None
    assert [(drift.kind, drift.id) for drift in played.audited.left] == LEFT[order](played)
    assert {key for key, times in played.arrived.items() if times > 1} == set()
    assert undisturbed.arrived - played.arrived == Counter()
    assert played.arrived - undisturbed.arrived == Counter()
    assert played.outcomes() == undisturbed.outcomes()
    assert set(played.responses()) == set(undisturbed.responses())


def print_counts(undisturbed: Played, played: Played) -> None:
    missing, more = undisturbed.arrived - played.arrived, played.arrived - undisturbed.arrived
    drifts = Counter(drift.kind.value for drift in played.audited.drifts) if played.audited else {}
    print(
        f"\n{len(played.record.mentorships)} mentorships, {played.arrived.total()} emails, {len(played.responses())} "
        f"responses; {missing.total()} emails swallowed, {more.total()} more than undisturbed, "
        f"{sum(times - 1 for times in played.arrived.values())} twice; the audit found {dict(drifts)}"
    )
    for name in ("outcomes", "responses"):
        one, other = getattr(undisturbed, name)(), getattr(played, name)()
        for key in sorted({*one, *other}):
            if one.get(key) != other.get(key):
                print(f"{name}: {key}: {one.get(key)} → {other.get(key)}")


LEFT: dict[Order, Callable[[Played], list[tuple[DriftKind, str]]]] = {
    OLDER_TEMPORAL: lambda _: [],
    OLDER_POSTGRESQL: lambda played: [(DriftKind.RESPONSES_LOST, played.decided["answered"])],
}
