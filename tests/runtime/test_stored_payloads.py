"""What a newer release wrote is read by the one before it, and none of it is lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import Replayer

from domain.cohort.settings_file import read_settings
from rehearsal.histories import load_histories
from runtime.stored_payloads import StoredPayloadConverter
from runtime.temporal import plugin
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.mentorship.state import MentorshipState
from storage.database import stored_as
from workflows.replay import WORKFLOWS

ROOT = Path(__file__).parents[2]
NEW = "of_a_newer_release"
CONVERTER = DataConverter(payload_converter_class=StoredPayloadConverter).payload_converter
KEPT = sorted((ROOT / "tests" / "replay" / "histories").glob("*/*.jsonl.gz"))
SETTINGS = sorted((ROOT / "examples").glob("*/cohort.toml"))


def with_news(stored: Any) -> Any:
    """Return JSON with a field that nobody knows in every object of it."""
    if isinstance(stored, list):
        return [with_news(each) for each in stored]
    if isinstance(stored, dict):
        return {name: with_news(value) for name, value in stored.items()} | {NEW: {"deeper": 1}}
    return stored


def started_with(history: WorkflowHistory) -> Payload:
    return history.events[0].workflow_execution_started_event_attributes.input.payloads[0]


def states(workflow: str) -> list[bytes]:
    runs = [run for file in KEPT for run in load_histories(file)]
    return [
        started_with(run).data
        for run in runs
        if run.events[0].workflow_execution_started_event_attributes.workflow_type.name == workflow
    ]


@pytest.mark.parametrize(
    ("workflow", "kind"), [("MentorshipWorkflow", MentorshipState), ("CohortWorkflow", CohortState)]
)
def test_state_is_read_and_written_again_with_all_that_is_new(workflow: str, kind: type[BaseModel]) -> None:
    found = states(workflow)
    assert len(found) >= 5
    for data in found:
        payload = Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(with_news(json.loads(data))).encode())
        (state,) = CONVERTER.from_payloads([payload], [kind])
        (written,) = CONVERTER.to_payloads([state.model_copy()])
        assert written.data.count(NEW.encode()) == payload.data.count(NEW.encode())


@pytest.mark.parametrize("file", SETTINGS, ids=lambda file: file.parent.name)
def test_stored_settings_are_read_and_written_again_with_all_that_is_new(file: Path) -> None:
    settings = read_settings("cohort.toml", file.read_bytes())
    stored = json.dumps(with_news(json.loads(settings.model_dump_json())))
    assert stored_as(CohortSettings, stored).model_dump_json().count(NEW) == stored.count(NEW)


async def test_history_with_what_is_new_replays() -> None:
    file = next(file for file in KEPT if file.name.startswith("mentorship-silent"))
    (run, *_) = load_histories(file)
    payload = started_with(run)
    payload.data = json.dumps(with_news(json.loads(payload.data))).encode()
    await Replayer(workflows=WORKFLOWS, plugins=[plugin()], debug_mode=True).replay_workflow(run)
