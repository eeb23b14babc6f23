"""One stack with a worker for staff's commands, and cohorts' folders to run them on."""

import asyncio
import json
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import pytest_asyncio

from cli.main import main
from rehearsal.time_skipping import WorkflowClocks
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.state import Progress
from tests.clocks import NOON_ZONE
from tests.waiting import until

EXAMPLE = Path(__file__).parents[2] / "examples" / "mile-2019"


# These ask for a yes where there is no way back, or where many people are emailed.
STEPS_THAT_ASK = {
    *(("cohort", step) for step in ("create", "update", "publish", "start", "open", "extend", "close")),
    *(("mentorship", step) for step in ("extend", "end", "replace")),
    ("emails", "drop"),
    ("links", "revoke"),
}
Mile = Callable[..., Awaitable[CompletedProcess[str]]]
NewClass = Callable[[str, date], Path]
WaitUntilIdle = Callable[[str], Awaitable[None]]
RunningClass = Callable[[str, date], Awaitable[None]]


@pytest_asyncio.fixture(scope="package")
async def stack() -> AsyncIterator[LocalStack]:
    # One for all tests: starting the servers takes seconds, and each test has cohorts of its own.
    with tempfile.TemporaryDirectory(prefix="mile test ") as folder:
        parts = frozenset({StackPart.MAIL, StackPart.WORKER})
        async with LocalStack(StackOptions(folder=Path(folder), ports=None, parts=parts, rehearsal=True)) as stack:
            yield stack


@pytest.fixture
def mile(stack: LocalStack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Mile:
    """Run a command against the stack; COLUMNS is wide enough that Rich wraps no table."""
    monkeypatch.setenv("COLUMNS", "240")

    async def run(*arguments: str) -> CompletedProcess[str]:
        capsys.readouterr()
        status = await asyncio.to_thread(_status_of, [*_with_yes(arguments), "--folder", str(stack.folder)])
        output = capsys.readouterr()
        return CompletedProcess(arguments, status, output.out, output.err)

    return run


def _with_yes(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Say yes beforehand to steps that ask, unless a test says how it answers."""
    asks = arguments[:2] in STEPS_THAT_ASK and not {"--dry-run", "--yes", "--no-yes"} & set(arguments)
    return (*(argument for argument in arguments if argument != "--no-yes"), *(("--yes",) if asks else ()))


def _status_of(arguments: list[str]) -> int:
    try:
        main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def new_class(tmp_path: Path) -> NewClass:
    """Make a folder of the example's people with an id and a kickoff of its own, where what is published stands."""

    def make(cohort: str, kickoff: date) -> Path:
        folder = tmp_path / cohort
        shutil.copytree(EXAMPLE, folder)
        file = folder / "cohort.toml"
        text = re.sub(
            r"\n\[(applications|proposals|session)\].*?(?=\n# The rhythm)", "", file.read_text(), flags=re.DOTALL
        )
        text = text.replace('id = "mile-2019"', f'id = "{cohort}"').replace("America/Chicago", NOON_ZONE.key)
        # Staff in these tests confirm nobody's attendance.
        unattended = text + "\n[kickoff]\nconfirm_attendance = false\n"
        file.write_text(unattended.replace("last_day = 2019-05-10", f"last_day = {kickoff}"))
        return folder

    return make


@pytest.fixture
def wait_until_idle(mile: Mile, stack: LocalStack) -> WaitUntilIdle:
    """Wait until a cohort runs and its mentorships have done all that was due so far."""

    async def wait(cohort: str) -> None:
        async def running() -> list[dict[str, Any]]:
            shown = json.loads((await mile("cohort", "show", cohort, "--json")).stdout)
            return shown["mentorships"] if shown["stage"] == "running" else []

        engine = WorkflowClocks(stack.client)
        for mentorship in await until(running):
            handle = stack.client.get_workflow_handle(mentorship_workflow_id(mentorship["id"]))
            await engine.progress(handle, Progress, datetime.now(UTC))

    return wait


@pytest.fixture(scope="package")
def classes_running() -> set[str]:
    """The cohorts that a test of this session has begun."""
    return set()


@pytest.fixture
def running_class(
    mile: Mile, new_class: NewClass, wait_until_idle: WaitUntilIdle, classes_running: set[str]
) -> RunningClass:
    """Start a cohort and wait until everything due has been done; tests that ask later share it."""

    async def run(cohort: str, kickoff: date) -> None:
        if cohort in classes_running:
            return
        await mile("cohort", "create", str(new_class(cohort, kickoff)))
        await mile("cohort", "match", cohort)
        await mile("cohort", "publish", cohort, "--run", "1")
        await wait_until_idle(cohort)
        classes_running.add(cohort)

    return run
