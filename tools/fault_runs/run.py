"""One run: classes, people and faults at the same time; then all is right again, and what is left comes to its end."""

import asyncio
import contextlib
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
from temporalio.service import RPCError

from runtime.local_stack.ports import HOST
from schemas.ids import SWEEPER_SCHEDULE
from tools.fault_runs.classes import PAIRS, FaultClass, create, draw_classes
from tools.fault_runs.counts import FaultCounts, count
from tools.fault_runs.injection import Fault, FaultInterval, draw, inject, possible
from tools.fault_runs.participants import Participants, RelayMailbox
from tools.fault_runs.stack import FaultStack

SETTLES_WITHIN_SECONDS = 120.0
LOOK_EVERY_SECONDS = 0.5
# Nothing began, and nothing was left to do, for so long.
QUIET_SECONDS = 2.0
# Without faults nothing says what is to come, so it is waited for longer.
QUIET_UNDISTURBED_SECONDS = 12.0
# After the last fault nothing can be under way for longer: signals and relays answer within milliseconds then.
UNDER_WAY_SECONDS = 6.0

# What the same emails of two runs differ by: days, as the classes of each run are planned from its own hour, and how
# many versions an agreement has, as that depends on who opens which email first.
DAY, VERSION = re.compile(r"@\d{4}-\d\d-\d\d"), re.compile(r"/v\d+/")
# Kinds of emails, as they stand in keys, that a run may do without: staff's digest depends on the very moment, and word
# of a new version of an agreement on whether it was opened before. Word that both agreed, no run may do without.
DISPENSABLE = ("/staff/", "/agreement_changed/")
STARTED = "select count(*) from mentorship where cohort_id = any($1) and started_at is not null"
# A minute passes at once for what waits for real time: the lease of an email whose sender was killed, the next attempt
# of one that failed, and the responses that the sweeper leaves to the pages at first.
PASS_A_MINUTE = (
    "update outbox set next_attempt_at = next_attempt_at - interval '1 minute'"
    # An attempt that began a moment ago is left alone.
    " where state = 'queued' or (state = 'sending' and next_attempt_at < clock_timestamp() + interval '54 seconds')",
    "update response set stored_at = stored_at - interval '1 minute' where signaled_at is null",
    "select pg_notify('outbox', '')",
)


@dataclass
class RunResult:
    """What one run had, how it ended, and after how many seconds."""

    number: int
    drawn: Sequence[Fault]
    counts: FaultCounts
    people: Participants
    seconds: float
    settled: bool
    notes: list[str] = field(default_factory=list)


class FaultRun:
    """One run on a stack that is in order; ``undisturbed`` are the keys of emails of a run without faults."""

    def __init__(
        self, stack: FaultStack, mailbox: RelayMailbox, seed: int, number: int, undisturbed: frozenset[str] | None
    ) -> None:
        self._stack = stack
        self._name = f"run{number:04}"
        self._number = number
        self._generator = random.Random(f"{seed}/{number}")  # noqa: S311 - the seed is to give the same again
        self._undisturbed = undisturbed
        self._mailbox = mailbox
        self._people = Participants(f"http://{HOST}:{stack.ports.web}", mailbox, self._name)
        self._ready_at = 0.0

    async def run(self, *, wait: bool = False) -> RunResult:
        """Carry it out and count; with ``wait`` nothing is brought forward, and minutes take a minute."""
        began = time.monotonic()
        drawn = draw(self._generator, possible(self._stack)) if self._undisturbed is not None else []
        classes = draw_classes(self._name, self._generator)
        await create(self._stack, classes)
        people = asyncio.create_task(self._people.run())
        try:
            started = asyncio.ensure_future(self._wait_until_started(classes))
            intervals = await asyncio.gather(*(inject(self._stack, fault, started) for fault in drawn))
            await started
            await self._stack.wait_until_ready()
            self._ready_at = time.monotonic()
            counts, settled = await self._settle(classes, intervals, wait=wait)
        finally:
            people.cancel()
            await asyncio.wait([people])
        self._people.check()
        return RunResult(self._number, drawn, counts, self._people, time.monotonic() - began, settled)

    def keys(self, counts: FaultCounts) -> frozenset[str]:
        """Return the keys of a run's emails to participants, without what differs from run to run."""
        needed = (key for key in counts.keys if not any(kind in key for kind in DISPENSABLE))
        keys = (key.replace(f"{self._name}-", "") for key in needed)
        return frozenset(DAY.sub("", VERSION.sub("/v/", key)) for key in keys)

    async def _settle(
        self, classes: Sequence[FaultClass], intervals: Sequence[FaultInterval], *, wait: bool
    ) -> tuple[FaultCounts, bool]:
        """Wait until nothing is left to do; return the counts then, or when the time is up."""
        deadline = self._ready_at + SETTLES_WITHIN_SECONDS * (5 if wait else 1)
        enough = QUIET_UNDISTURBED_SECONDS if self._undisturbed is None else QUIET_SECONDS
        quiet_since, before, passed_at = time.monotonic(), (0, 0), self._ready_at
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            now, progress = time.monotonic(), (len(self._mailbox.received), len(self._people.accepted))
            if not wait and now - passed_at > UNDER_WAY_SECONDS:
                await self._pass_a_minute()
                passed_at = now
            if self._people.busy or progress != before:
                quiet_since, before = now, progress
            late = now > deadline
            if now - quiet_since > enough or late:
                counts = await self._count(classes, intervals)
                if counts is not None and (late or not counts.faulty):
                    return counts, not late

    async def _count(self, classes: Sequence[FaultClass], intervals: Sequence[FaultInterval]) -> FaultCounts | None:
        try:
            counts = await count(self._stack, classes, self._people, intervals)
        except (OSError, TimeoutError, RPCError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return None
        if self._undisturbed is not None:
            missing = self._undisturbed - self.keys(counts)
            counts.lost_emails += [f"never requested: {key}" for key in sorted(missing)]
        return counts

    async def _wait_until_started(self, classes: Sequence[FaultClass]) -> None:
        """Wait until all mentorships run.

        A class with a time of its own reckons it anew when they start, which no real one does. So the worker's clock is
        right until then.
        """
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                async with self._stack.database() as database:
                    if await database.fetchval(STARTED, [each.settings.id for each in classes]) == PAIRS * len(classes):
                        return

    async def _pass_a_minute(self) -> None:
        with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            async with self._stack.database() as database:
                for statement in PASS_A_MINUTE:
                    await database.execute(statement)
        with contextlib.suppress(RPCError):
            await self._stack.client.get_schedule_handle(SWEEPER_SCHEDULE).trigger()
