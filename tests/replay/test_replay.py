"""Histories of every released version replay on today's workflows: a running workflow survives an upgrade."""

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from rehearsal.fingerprint import SUFFIX, all_fields, command_problem, interface, interface_problems, read
from rehearsal.histories import load_histories
from runtime.temporal import plugin
from workflows.replay import WORKFLOWS

HISTORIES = Path(__file__).parent / "histories"
FILES = sorted(HISTORIES.glob("*/*.jsonl.gz"))
VERSIONS = sorted(folder.name for folder in HISTORIES.iterdir())
REGISTERED = {workflow.__name__ for workflow in WORKFLOWS}


def _replayer() -> Replayer:
    # Whether the commands are the same is asked, not how fast: a busy machine may take the two seconds that the SDK
    # gives a workflow. This is how it is told not to watch them.
    return Replayer(workflows=WORKFLOWS, plugins=[plugin()], debug_mode=True)


def _workflow_types(folder: Path) -> Iterator[str]:
    for file in folder.glob("*.jsonl.gz"):
        first = load_histories(file)[0].events[0]
        yield first.workflow_execution_started_event_attributes.workflow_type.name


def test_newest_version_has_a_history_of_every_registered_workflow() -> None:
    newest = max(HISTORIES.iterdir(), key=lambda folder: [int(number) for number in folder.name.split(".")])
    assert set(_workflow_types(newest)) == REGISTERED


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_release_sends_and_stores_is_still_taken(version: str) -> None:
    assert list(interface_problems(version, read(HISTORIES / version)["interface"], interface())) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
async def test_kept_histories_replay_with_the_same_commands(file: Path) -> None:
    name = file.name.removesuffix(SUFFIX)
    kept = read(file.parent)
    new_fields = all_fields(interface()) - all_fields(kept["interface"])
    assert await command_problem(file.parent, name, kept["commands"][name], new_fields) is None


def _called(name: str) -> str:
    """Return how a history tells of a local activity, as far as its type: Base64 of a marker's details."""
    return base64.b64encode(b'{"seq":1,"attempt":1,"activity_id":"1","activity_type":"' + name.encode()).decode()[:90]


# A short write, as a marker; and the activity that follows where it could not be written.
@pytest.mark.parametrize(
    ("file", "done", "other"),
    [
        ("mentorship-silent", _called("plan_mentorship"), _called("open_mentorship")),
        ("mentorship-table-away", '"enqueue_emails"', '"enqueue_others"'),
    ],
    ids=["local", "retried"],
)
async def test_a_history_that_went_another_way_does_not_replay(file: str, done: str, other: str) -> None:
    kept = next(path for path in FILES if path.name.startswith(file))
    line = gzip.decompress(kept.read_bytes()).decode().splitlines()[0]
    assert line.count(done) == 1
    changed = WorkflowHistory.from_json("changed", line.replace(done, other))
    with pytest.raises(NondeterminismError):
        await _replayer().replay_workflow(changed)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_kept_histories_name_no_machine(file: Path) -> None:
    text = gzip.decompress(file.read_bytes()).decode()
    assert "@" not in text
    assert '"identity"' not in text
