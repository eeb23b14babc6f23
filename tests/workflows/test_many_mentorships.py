"""A large class starts on kickoff day, and the worker is killed in the middle of it, twice."""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.starting import lead, publish_class, settings_of
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from schemas.ids import MENTORSHIP_WORKFLOW, mentorship_id, mentorship_workflow_id
from schemas.kickoff.start import StartProgress
from storage import starts
from storage.database import open_pool

# With MILE_TEST_MANY=1000 it is the thousand the service is built for; their first emails alone take minutes here.
PAIRS = int(os.environ.get("MILE_TEST_MANY", "100"))
KILLED_AT = (PAIRS * 3 // 10, PAIRS * 6 // 10)
FINISHED_WITHIN_SECONDS = 900
LOOKS_AGAIN_AFTER_SECONDS = 0.05
STARTED = "select count(started_at) from mentorship"
WELCOMED = "select count(*) from outbox where kind = 'welcome' and state = 'sent'"


async def _until(number: Callable[[], Awaitable[int]], reached: int) -> None:
    while await number() < reached:  # noqa: ASYNC110 - rows tell nobody that they changed
        await asyncio.sleep(LOOKS_AGAIN_AFTER_SECONDS)


async def test_a_large_class_starts_each_mentorship_once_though_its_worker_is_killed_twice() -> None:
    arrived: Counter[str] = Counter()
    parts = frozenset({StackPart.MAIL, StackPart.WORKER})
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        async with (
            asyncio.timeout(FINISHED_WITHIN_SECONDS),
            LocalStack(
                StackOptions(folder=Path(made), ports=None, parts=parts, rehearsal=True),
                on_mail=lambda message: arrived.update([str(message["Message-ID"])]),
            ) as stack,
            open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool,
        ):
            await publish_class(pool, settings_of("many"), PAIRS)
            await lead(stack, "many")
            for reached in KILLED_AT:
                await _until(lambda: pool.fetchval(STARTED), reached)
                await stack.kill_worker()
                assert await pool.fetchval(STARTED) < PAIRS
                await stack.start_worker()
            await _until(lambda: pool.fetchval(WELCOMED), 2 * PAIRS)
            assert await starts.start_progress(pool, "many") == StartProgress(started=PAIRS)
            runs = [one.id async for one in stack.client.list_workflows(f"WorkflowType = '{MENTORSHIP_WORKFLOW}'")]
            kept = await pool.fetch("select id, mentee_id from mentorship")
            emails = await pool.fetchval("select count(*) from outbox where recipient <> 'staff'")
    ids = [mentorship_id("many", number) for number in range(1, PAIRS + 1)]
    assert sorted(runs) == sorted(map(mentorship_workflow_id, ids))
    assert sorted(row["id"] for row in kept) == sorted(ids)
    assert len({row["mentee_id"] for row in kept}) == PAIRS
    assert emails == len(arrived) == 2 * PAIRS
