"""Histories of every released version replay on today's workflows: a running mentorship survives an upgrade."""

import gzip
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from rehearsal.histories import load_histories
from runtime.temporal import plugin
from workflows.cohort import CohortWorkflow
from workflows.mentorship import MentorshipWorkflow

HISTORIES = Path(__file__).parent / "histories"
FILES = sorted(HISTORIES.glob("*/*.jsonl.gz"))


def _replayer() -> Replayer:
    return Replayer(workflows=[CohortWorkflow, MentorshipWorkflow], plugins=[plugin()])


def test_there_are_histories_of_every_kind() -> None:
    assert {file.name.partition("-")[0] for file in FILES} == {"cohort", "mentorship"}


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
    bent = WorkflowHistory.from_json("bent", line.replace("plan_mentorship", "draw_another_plan"))
    with pytest.raises(NondeterminismError):
        await _replayer().replay_workflow(bent)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_kept_histories_name_no_machine(file: Path) -> None:
    text = gzip.decompress(file.read_bytes()).decode()
    assert "@" not in text
    assert '"identity"' not in text
