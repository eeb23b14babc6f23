"""Histories of workflows: what staff changed in them, and files of them for the replay of later versions."""

import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from runtime.histories import fetch_runs
from schemas.ids import COHORT_WORKFLOW, MENTORSHIP_WORKFLOW
from schemas.rehearsal import ChangeRecord

_PROCESS = re.compile(r"^\d+@.+$")


def staff_changes(histories: list[WorkflowHistory]) -> tuple[ChangeRecord, ...]:
    """Return what staff did to a mentorship and its workflow accepted, in order."""
    accepted = (
        event.workflow_execution_update_accepted_event_attributes.accepted_request.input
        for history in histories
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
    )
    return tuple(_change(update.name, update.args.payloads) for update in accepted)


def _change(name: str, arguments: Sequence[Payload]) -> ChangeRecord:
    arguments_json: dict[str, JsonValue] = json.loads(arguments[0].data) if arguments else {}
    fields = {field: value for field, value in arguments_json.items() if field in ChangeRecord.model_fields}
    return ChangeRecord.model_validate({**fields, "change": name})


async def save_all_histories(client: Client, folder: Path) -> int:
    """Write the histories of every cohort and mentorship into a folder; return how many workflows there were."""
    query = f"WorkflowType IN ('{COHORT_WORKFLOW}', '{MENTORSHIP_WORKFLOW}')"
    workflows = sorted({execution.id async for execution in client.list_workflows(query)})
    for workflow_id in workflows:
        save_histories(folder, workflow_id, await fetch_runs(client, workflow_id))
    return len(workflows)


def save_histories(folder: Path, workflow_id: str, runs: list[WorkflowHistory]) -> None:
    """Write all runs of a workflow into one compressed file, for the replay of later versions.

    The workers' identities are removed: they name the machine of the rehearsal.
    """
    lines = [json.dumps(_anonymous(json.loads(run.to_json())), sort_keys=True) for run in runs]
    folder.mkdir(parents=True, exist_ok=True)
    # A fixed time stamp: the same histories are the same bytes.
    compressed = gzip.compress("\n".join(lines).encode(), mtime=0)
    (folder / f"{workflow_id}.jsonl.gz").write_bytes(compressed)


def load_histories(file: Path) -> list[WorkflowHistory]:
    """Read back the runs that ``save_histories`` wrote, oldest first."""
    workflow_id = file.name.removesuffix(".jsonl.gz")
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    return [WorkflowHistory.from_json(workflow_id, line) for line in lines]


def _anonymous(value: JsonValue) -> JsonValue:
    """Remove the process and machine that did the work: the identity, and sticky queues, which are named after it."""
    if isinstance(value, dict):
        return {key: _anonymous(inner) for key, inner in value.items() if key != "identity"}
    if isinstance(value, str):
        return _PROCESS.sub("worker", value)
    return [_anonymous(inner) for inner in value] if isinstance(value, list) else value
