"""Histories of every released version replay on today's workflows: a running workflow survives an upgrade."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from rehearsal.histories import load_histories
from runtime.temporal import plugin
from worker import WORKFLOWS

HISTORIES = Path(__file__).parent / "histories"
FILES = sorted(HISTORIES.glob("*/*.jsonl.gz"))
REGISTERED = {workflow.__name__ for workflow in WORKFLOWS}


def _replayer() -> Replayer:
    return Replayer(workflows=WORKFLOWS, plugins=[plugin()])


def _workflow_types(folder: Path) -> Iterator[str]:
    for file in folder.glob("*.jsonl.gz"):
        first = load_histories(file)[0].events[0]
        yield first.workflow_execution_started_event_attributes.workflow_type.name


def test_newest_version_has_a_history_of_every_registered_workflow() -> None:
    newest = max(HISTORIES.iterdir(), key=lambda folder: [int(number) for number in folder.name.split(".")])
    assert set(_workflow_types(newest)) == REGISTERED


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
async def test_kept_histories_replay(file: Path) -> None:
    runs = load_histories(file)
    assert runs
    for run in runs:
        await _replayer().replay_workflow(run)


async def test_a_history_that_went_another_way_does_not_replay() -> None:
    file = next(file for file in FILES if file.name.startswith("mentorship-silent"))
    line = gzip.decompress(file.read_bytes()).decode().splitlines()[0]
    assert line.count("plan_mentorship") == 1
    changed = WorkflowHistory.from_json("changed", line.replace("plan_mentorship", "plan_another"))
    with pytest.raises(NondeterminismError):
        await _replayer().replay_workflow(changed)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_kept_histories_name_no_machine(file: Path) -> None:
    text = gzip.decompress(file.read_bytes()).decode()
    assert "@" not in text
    assert '"identity"' not in text
