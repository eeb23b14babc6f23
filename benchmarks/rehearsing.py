"""What a rehearsal costs beside the bare engine: the same waits, signals, activities and upserts, with nothing in them.

Run ``python -m benchmarks.rehearsing [REPETITIONS]``. The class of 2019 is rehearsed, on a stack of its own; then bare
workflows live through what its histories record, driven in the same way, on another stack; and so on in turn. A
processor's seconds are those of every process: driver, worker, engine and PostgreSQL. They are printed and stored in
benchmarks/results/. What counts are the ratios of one repetition.
"""

import asyncio
import contextlib
import json
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psutil
import uvloop

from benchmarks.bare_engine import live, steps_of
from benchmarks.bare_workflow import RecordedStep
from benchmarks.processor_time import Figures, measured
from cli.common.garbage import search_seldom
from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import open_environment
from rehearsal.folder import read_folder
from rehearsal.inbox import Inbox
from rehearsal.mentorship_pool import MAX_CONCURRENT
from rehearsal.time_skipping import WorkflowClocks
from runtime.histories import billed_actions, count_events, fetch_runs
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.local_stack.stack_discovery import ROOT, environment
from runtime.logging import configure
from schemas.ids import COHORT_WORKFLOW, MENTORSHIP_WORKFLOW

RESULTS = Path(__file__).parent / "results"
REPETITIONS = 3
GOALS = {"cpu_seconds": 1.8, "seconds": 1.5}
SEED = 7
WIDTH = 40
Recorded = dict[str, list[list[RecordedStep]]]


class Unobserved:
    """A simulation that nobody watches."""

    def expect(self, mentorships: int) -> None:
        """Take no note."""

    def reached(self, mentorship: str, moment: object) -> None:
        """Take no note."""


@contextlib.contextmanager
def empty_folder() -> Iterator[Path]:
    """Yield a folder for a stack."""
    with tempfile.TemporaryDirectory(prefix="mile benchmark ") as made:
        yield Path(made)


async def rehearse() -> tuple[Figures, Recorded]:
    """Rehearse the class of 2019; return what it cost and what its workflows did."""
    folder, inbox = read_folder(ROOT / "examples" / "mile-2019"), Inbox()
    figures: Figures = {}
    with empty_folder() as made:
        parts = frozenset({StackPart.MAIL, StackPart.WORKER})
        options = StackOptions(folder=made, ports=None, parts=parts, rehearsal=True)
        async with (
            LocalStack(options, on_mail=inbox.receive) as stack,
            open_environment(stack.settings, stack.client, inbox) as opened,
        ):
            async with measured(figures):
                await CohortSimulation(opened, folder, seed=SEED, observer=Unobserved()).run()
            query = f"WorkflowType IN ('{COHORT_WORKFLOW}', '{MENTORSHIP_WORKFLOW}')"
            ids = [execution.id async for execution in stack.client.list_workflows(query)]
            histories = {id_: await fetch_runs(stack.client, id_) for id_ in dict.fromkeys(ids)}
    runs = [run for of_one in histories.values() for run in of_one]
    figures |= {"workflows": len(histories), "events": count_events(runs), "actions": billed_actions(runs)}
    return figures, {id_: [steps_of(run) for run in of_one] for id_, of_one in histories.items()}


async def live_bare(recorded: Recorded) -> Figures:
    """Let bare workflows live through the same; return what that cost."""
    figures: Figures = {}
    slots = asyncio.Semaphore(MAX_CONCURRENT)
    with empty_folder() as made:
        options = StackOptions(folder=made, ports=None, parts=frozenset(), rehearsal=True)
        async with LocalStack(options) as stack:
            clocks = WorkflowClocks(stack.client)

            async def live_one(workflow_id: str, runs: list[list[RecordedStep]]) -> None:
                async with slots:
                    await live(stack.client, clocks, workflow_id, runs)

            worker = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "benchmarks.bare_engine", cwd=ROOT, env=environment(stack.settings, alone=True)
            )
            try:
                async with measured(figures), asyncio.TaskGroup() as group:
                    for workflow_id, runs in recorded.items():
                        group.create_task(live_one(workflow_id, runs))
                histories = [run for id_ in recorded for run in await fetch_runs(stack.client, id_)]
            finally:
                with contextlib.suppress(ProcessLookupError):
                    worker.kill()
                await worker.wait()
    return figures | {"events": count_events(histories), "actions": billed_actions(histories)}


def drawing(repetitions: list[tuple[Figures, Figures]]) -> str:
    """Return medians as bars, and the ratios beside their goals."""
    lines = []
    for name, unit in (("cpu_seconds", "s of processor"), ("seconds", "s"), ("events", ""), ("actions", "")):
        ours, bare = (statistics.median(side[name] for side in sides) for sides in zip(*repetitions, strict=True))
        ratios = [one[name] / other[name] for one, other in repetitions]
        goal = f", goal {GOALS[name]}" if name in GOALS else ""
        lines += [
            f"{who:<9} {'█' * round(WIDTH * value / max(ours, bare)):<{WIDTH}} {value:,.0f} {unit or name}"
            for who, value in (("rehearsal", ours), ("bare", bare))
        ]
        lines.append(f"  ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}{goal})")
    workflows = repetitions[0][0]["workflows"]
    return "\n".join([f"{workflows} workflows, {len(repetitions)} repetitions:", *lines])


async def repeated(repetitions: int) -> list[tuple[Figures, Figures]]:
    """Measure both in turn."""
    found = []
    for number in range(repetitions):
        ours, recorded = await rehearse()
        bare = await live_bare(recorded)
        print(f"{number + 1} of {repetitions}: {ours} {bare}", file=sys.stderr)
        found.append((ours, bare))
    return found


def main() -> None:
    """Measure, print the figures and keep them."""
    # All as in the command that plays a rehearsal; here, bare workflows are driven so, too.
    configure("WARNING", json=False)
    search_seldom()
    found = uvloop.run(repeated(int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS))
    drawn = drawing(found)
    print(drawn)
    machine = {"processors": psutil.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    machine |= {name: version(name) for name in ("temporalio", "pydantic", "asyncpg")}
    rows = [{"rehearsal": ours, "bare": bare} for ours, bare in found]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "rehearsing.json").write_text(json.dumps({"on": machine, "repetitions": rows}, indent=2) + "\n")
    (RESULTS / "rehearsing.md").write_text(f"# A rehearsal beside the bare engine\n\n```\n{drawn}\n```\n")


if __name__ == "__main__":
    main()
