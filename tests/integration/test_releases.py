"""Two hundred sleeping mentorships: a release is foretold, promoted, and taken back by the commands that operators use.

The second build is a copy of the code with another rule for reminders, fewer milestones and one more stored setting.
``MILE_TEST_RELEASED=20`` moves fewer.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from temporalio.client import WorkflowHandle
from temporalio.common import SearchAttributeKey

from benchmarks.starting import lead, publish_class, settings_of
from rehearsal.time_skipping import EARLIEST_TIME, WorkflowClocks
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.temporal_health import STUCK
from schemas.enums import Side
from schemas.ids import mentorship_id, mentorship_workflow_id
from schemas.mentorship.state import Answer, Forecast, MentorshipState, Progress
from schemas.signals import answers_envelope
from storage.database import open_pool
from tests.versioned_workers import ROOT, environment_of, worker_of_build

PAIRS = int(os.environ.get("MILE_TEST_RELEASED", "200"))
MOVED_WITHIN_SECONDS = 60
AT_ONCE = 8
PASSES_WITHIN_SECONDS = 60
PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")
PACKAGES = ("activities", "cli", "domain", "emails", "rehearsal", "runtime", "schemas", "services", "storage", "web")
WELCOMED = "select count(*) from outbox where kind = 'welcome' and state = 'sent'"
NONDETERMINISM = ("nondeterminism", "non-determinism", "[tmprl1100]")
# What the second build does otherwise: the stored terms have a setting more, and the plan's rules heed it.
EDITS = (
    (
        "schemas/mentorship/terms.py",
        "    first_contact: Window = Window(opens=0, reminders=(10,), closes=21)\n",
        "    first_contact: Window = Window(opens=0, reminders=(10,), closes=21)\n    last_call: Days = 2\n",
    ),
    (
        "domain/mentorship/milestones.py",
        "        anchor=first,\n        window=rules.first_contact,\n",
        "        anchor=first,\n        window=rules.first_contact.model_copy(update={'reminders': "
        "(*rules.first_contact.reminders, rules.first_contact.closes - rules.last_call)}),\n",
    ),
    (
        "domain/mentorship/milestones.py",
        "number=number, anchor=last, window=rules.check_in)",
        "number=number, anchor=last, window=rules.check_in.model_copy(update={'reminders': (-12, -5)}))",
    ),
    (
        "domain/mentorship/milestones.py",
        "    for number, day in enumerate(_days_every(terms, YEAR_MONTHS), start=1):\n        yield MilestoneRule("
        "kind=MilestoneKind.INVOLVEMENT",
        "    for number, day in enumerate((), start=1):\n        yield MilestoneRule(kind=MilestoneKind.INVOLVEMENT",
    ),
)

MENTORSHIP = "workflows/mentorship.py"
FEW = 3
# Builds whose mentorships fail at the signal by which they would go back, and at their first step.
HEARS = "        self.should_continue_as_new = self.is_upgrade_requested = True\n"
PLANS = "        call = PlanMentorship("
DEAF = ((MENTORSHIP, HEARS, "        raise RuntimeError('a fault of this build')\n"),)
BROKEN = ((MENTORSHIP, PLANS, f"        raise RuntimeError('a fault of this build')\n{PLANS}"),)

Edit = tuple[str, str, str]
Line = tuple[str, str, str, int]
Handle = WorkflowHandle[object, object]


@dataclass(frozen=True)
class Installation:
    """The code of a build, and its commands."""

    stack: LocalStack
    build: str
    code: Path

    async def mile(self, *arguments: str, status: int = 0) -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli.main", "release", *arguments),
            env=environment_of(self.stack, self.build, self.code),
            cwd=self.code,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        assert process.returncode == status, errors.decode()
        return (output + errors).decode() if status else output.decode()


def edited_code(folder: Path, edits: Iterable[Edit]) -> Path:
    """Copy the code and edit it as another build has it."""
    for package in (*PACKAGES, "workflows"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "worker.py", folder)
    for file, old, new in edits:
        source = (folder / file).read_text()
        assert source.count(old) == 1, file
        (folder / file).write_text(source.replace(old, new))
    return folder


async def each(handles: Iterable[Handle], call: Callable[[Handle], Awaitable[object]]) -> list[object]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(handle: Handle) -> object:
        async with gate:
            return await call(handle)

    return list(await asyncio.gather(*map(one, handles)))


async def timelines(handles: list[Handle]) -> dict[str, dict[Line, Forecast]]:
    """Return the emails to come of each mentorship, asked of its workflow."""
    found: dict[str, dict[Line, Forecast]] = {}

    async def ask(handle: Handle) -> None:
        lines = await handle.query("timeline", result_type=list[Forecast])
        found[handle.id] = {(one.to, one.kind, one.asks[0].milestone, one.asks[0].occurrence): one for one in lines}

    await each(handles, ask)
    return found


def differences(
    before: dict[str, dict[Line, Forecast]], after: dict[str, dict[Line, Forecast]]
) -> dict[str, set[tuple[object, ...]]]:
    """Return how two sets of emails differ, by mentorship: the check's answer, found from what the workflows say."""
    found: dict[str, set[tuple[object, ...]]] = {}
    for workflow, emails in before.items():
        for line in emails.keys() | after[workflow].keys():
            was, now = emails.get(line), after[workflow].get(line)
            if (was and (was.at, was.asks)) != (now and (now.at, now.asks)):
                changed = (*line, was.at if was else None, now.at if now else None)
                found.setdefault(workflow.removeprefix("mentorship-"), set()).add(changed)
    return found


def as_checked(checked: dict[str, Any]) -> dict[str, set[tuple[object, ...]]]:
    """Return what the check said, in the same form."""
    return {
        one["mentorship"]: {
            (
                *(email["to"], email["kind"], email["asks"][0]["milestone"], email["asks"][0]["occurrence"]),
                *(datetime.fromisoformat(email[key]) if email[key] else None for key in ("before", "after")),
            )
            for email in one["emails"]
        }
        for one in checked["changes"]
    }


async def until_welcomed(pool: asyncpg.Pool, pairs: int) -> None:
    while await pool.fetchval(WELCOMED) < 2 * pairs:  # noqa: ASYNC110 - rows tell nobody that they changed
        await asyncio.sleep(0.2)


async def go_on(engine: WorkflowClocks, handle: Handle) -> None:
    """Let a mentorship take a signal and reach its next moment."""
    state = await handle.query("state", result_type=MentorshipState)
    answer = Answer(
        milestone="first_contact", side=Side.MENTOR, received_at=datetime.now(UTC) + state.clock_offset, met=False
    )
    await handle.signal("response_received", answers_envelope([answer]))
    where = await engine.progress(handle, Progress, EARLIEST_TIME)
    assert not [one for one in where.waiting_for if one.endswith("first_contact")]
    assert where.next_due_at is not None
    await engine.advance_to(handle, where.next_due_at, where.clock_offset, due=True)
    after = await engine.progress(handle, Progress, where.next_due_at)
    assert after.next_due_at is not None
    assert after.next_due_at > where.next_due_at


@asynccontextmanager
async def running(pairs: int) -> AsyncIterator[tuple[LocalStack, list[Handle]]]:
    """Run a stack on which build 1 is current and leads mentorships that sleep; yield it with them."""
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        options = StackOptions(folder=Path(made), ports=None, parts=frozenset({StackPart.MAIL}), rehearsal=True)
        async with (
            LocalStack(options) as stack,
            open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool,
            worker_of_build(stack, "1"),
        ):
            await Installation(stack, "1", ROOT).mile("start", "1")
            await publish_class(pool, settings_of("many"), pairs)
            await lead(stack, "many")
            ids = [mentorship_id("many", number) for number in range(1, pairs + 1)]
            handles = [stack.client.get_workflow_handle(mentorship_workflow_id(id_)) for id_ in ids]
            engine = WorkflowClocks(stack.client)
            async with asyncio.timeout(600):
                await until_welcomed(pool, pairs)
                await each(handles, lambda handle: engine.wait_until_idle(handle, EARLIEST_TIME))
            yield stack, handles


async def test_a_release_of_200_mentorships_is_foretold_promoted_and_taken_back(tmp_path: Path) -> None:
    async with running(PAIRS) as (stack, handles):
        one, two = Installation(stack, "1", ROOT), Installation(stack, "2", edited_code(tmp_path, EDITS))
        before = await timelines(handles)
        assert json.loads(await one.mile("check", "--json"))["changes"] == []
        began = time.monotonic()
        checked = json.loads(await two.mile("check", "--json"))
        print(f"check of {checked['compared']}: {time.monotonic() - began:.1f} seconds")
        assert (checked["compared"], checked["not_replayed"], checked["not_asked"]) == (PAIRS, [], [])
        async with worker_of_build(stack, "2", two.code):
            await two.mile("start", "2")
            promoted = json.loads(await two.mile("promote", "2", "--json"))
            print(f"promote: {promoted['moved']} moved in {promoted['seconds']} seconds")
            assert promoted["moved"] == PAIRS + 1
            assert promoted["seconds"] <= MOVED_WITHIN_SECONDS
            changed = differences(before, await timelines(handles))
            kinds = Counter(_change(*email[-2:]) for emails in changed.values() for email in emails)
            print(f"emails that changed as foretold: {dict(kinds)}")
            assert changed == as_checked(checked)
            assert (len(changed), set(kinds)) == (PAIRS, {"new", "moved", "dropped", "asks otherwise"})
            state = await handles[0].query("state", result_type=MentorshipState)
            assert (state.terms.timeline.model_extra or {}).get("last_call") == 2
            assert _on(await two.mile("status", "--json")) == {"2": PAIRS, "1": 0}
            assert "may be stopped" in await two.mile("retire", "1")
            back = json.loads(await two.mile("rollback", "--json"))
            print(f"rollback: {back['moved']} moved in {back['seconds']} seconds")
            assert (back["build"], back["moved"]) == ("1", PAIRS + 1)
            assert back["seconds"] <= MOVED_WITHIN_SECONDS
            assert await timelines(handles) == before
            assert _on(await one.mile("status", "--json")) == {"2": 0, "1": PAIRS}
            assert "may be stopped" in await one.mile("retire", "2")
        await _all_go_on(stack, handles)


async def _all_go_on(stack: LocalStack, handles: list[Handle]) -> None:
    engine, began = WorkflowClocks(stack.client), time.monotonic()
    await each(handles, lambda handle: go_on(engine, handle))
    print(f"{len(handles)} took a signal and reached their next moment in {time.monotonic() - began:.0f} seconds")
    assert await _stuck_for_long(stack) == []
    logs = "".join(log.read_text().lower() for log in stack.folder.glob("worker-*.log"))
    assert logs.count("worker_started") == len(list(stack.folder.glob("worker-*.log")))
    assert [word for word in NONDETERMINISM if word in logs] == []


async def _stuck_for_long(stack: LocalStack) -> list[tuple[str, object]]:
    """Return the workflows whose steps fail again and again; a task that only came too late passes within a minute."""
    until = time.monotonic() + PASSES_WITHIN_SECONDS
    while (found := await _stuck(stack)) and time.monotonic() < until:
        print(f"stuck for now: {found}")
        await asyncio.sleep(5)
    return found


async def _stuck(stack: LocalStack) -> list[tuple[str, object]]:
    return [(each.id, each.typed_search_attributes.get(PROBLEMS)) async for each in stack.client.list_workflows(STUCK)]


async def test_a_release_whose_steps_fail_is_taken_back_though_its_workflows_are_stuck(tmp_path: Path) -> None:
    deaf, broken = edited_code(tmp_path / "deaf", DEAF), edited_code(tmp_path / "broken", BROKEN)
    async with running(FEW) as (stack, handles):
        one = Installation(stack, "1", ROOT)
        before = await timelines(handles)
        async with worker_of_build(stack, "deaf", deaf):
            await one.mile("start", "deaf")
            await one.mile("promote", "deaf")
            assert _on(await one.mile("status", "--json"))["deaf"] == FEW
            back = json.loads(await one.mile("rollback", "--json"))
        print(f"rollback of {back['moved']} whose signals fail: {back['seconds']} seconds")
        assert await timelines(handles) == before
        async with worker_of_build(stack, "broken", broken):
            await one.mile("start", "broken")
            said = await one.mile("promote", "broken", "--wait", "15", status=1)
            assert f"{FEW} of {FEW + 1} workflows have not moved within 15 seconds: mentorship-many-001" in said
            back = json.loads(await one.mile("rollback", "1", "--json"))
        print(f"rollback of {back['moved']} whose first step fails: {back['seconds']} seconds")
        # So a step that fails shows in the logs, where the test above finds none.
        assert "a fault of this build" in (stack.folder / "worker-broken.log").read_text()
        assert await timelines(handles) == before
        assert _on(await one.mile("status", "--json")) == {"1": FEW, "deaf": 0, "broken": 0}
        await _all_go_on(stack, handles)


def _change(before: object, after: object) -> str:
    return "new" if before is None else "dropped" if after is None else "moved" if before != after else "asks otherwise"


def _on(status: str) -> dict[str, int]:
    return {version["build"]: version["runs"]["mentorships"] for version in json.loads(status)["versions"]}
