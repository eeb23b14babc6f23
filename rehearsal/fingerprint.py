"""What a release's workflows did, kept beside its histories: every command, every message, every stored field.

Temporal compares the order and the kinds of commands when it replays a history. It does not compare how long a timer
is, what an activity is given, or who takes a signal that no kept history has. So a release keeps a fingerprint, and
each later one is compared with it. ``python -m rehearsal.fingerprint write FOLDER`` writes one, and ``check FOLDER``
says each difference, and ends with 1 if there is any.
"""

import asyncio
import gzip
import inspect
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from pydantic import BaseModel
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowHistory
from temporalio.plugin import SimplePlugin
from temporalio.worker import Replayer, WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.workflow import _Definition  # what a worker registers; the SDK has no public name for it

from rehearsal.histories import load_histories
from runtime.temporal import plugin
from schemas.base import TemporalModel
from workflows.replay import WORKFLOWS
from workflows.support.options import BATCH, RECORD, REPORT
from workflows.support.retry import RETRY_EVERY

FILE, SUFFIX = "fingerprint.json.gz", ".jsonl.gz"
HOWTO = "docs/howto/change-a-running-workflow.md"
# It is given the whole state, which the next command tells of anyway.
READS_ONLY = "find_missed"

Run = list[str]
Interface = dict[str, Any]


class CommandRecorder(WorkflowRunner):
    """Runs workflows as their worker does, and writes down each run's commands as lines."""

    def __init__(self, inner: WorkflowRunner, new_fields: frozenset[str]) -> None:
        self._inner = inner
        self._new_fields = new_fields
        self.runs: dict[str, Run] = {}

    def prepare_workflow(self, defn: _Definition) -> None:
        """Prepare a workflow."""
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return an instance whose commands are written down."""
        lines = self.runs.setdefault(det.info.run_id, [])
        return _Recorded(self._inner.create_instance(det), lines, self._new_fields)


class _Recorded(WorkflowInstance):
    def __init__(self, inner: WorkflowInstance, lines: Run, new_fields: frozenset[str]) -> None:
        self._inner = inner
        self._lines = lines
        self._new_fields = new_fields

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        completion = self._inner.activate(act)
        self._lines += [_line(command, self._new_fields) for command in completion.successful.commands]
        return completion

    def get_serialization_context(self, *arguments: Any) -> Any:
        return self._inner.get_serialization_context(*arguments)

    def get_info(self) -> Any:
        return self._inner.get_info()

    def get_external_store_context(self, *arguments: Any) -> Any:
        return self._inner.get_external_store_context(*arguments)


def _line(command: WorkflowCommand, new_fields: frozenset[str]) -> str:
    """Return a command as a line: what it is, and a checksum of what it carries, without fields that are new."""
    kind = command.WhichOneof("variant") or ""
    body = getattr(command, kind)
    carried = ""
    match kind:
        case "start_timer":
            carried = f"{body.start_to_fire_timeout.ToTimedelta()} {command.user_metadata.summary.data.decode()}"
        case "schedule_activity" | "schedule_local_activity":
            carried = f"{body.activity_type} {_patience(body)}"
            if body.activity_type != READS_ONLY:
                carried += f" {_checksum(body.arguments, new_fields)}"
        case "continue_as_new_workflow_execution":
            carried = _checksum(body.arguments, new_fields)
        case "complete_workflow_execution":
            carried = body.result.data.decode()
        case "update_response":
            carried = body.WhichOneof("response")
        case "upsert_workflow_search_attributes":
            found = {
                name: payload.data.decode() for name, payload in sorted(body.search_attributes.indexed_fields.items())
            }
            carried = f"{crc32(json.dumps(found).encode()):08x}"
    return f"{kind} {carried}".strip()


def _patience(activity: Any) -> str:
    retried = activity.retry_policy
    again = f"{retried.initial_interval.ToTimedelta()} to {retried.maximum_interval.ToTimedelta()}"
    return f"within {activity.start_to_close_timeout.ToTimedelta()}, {retried.maximum_attempts} times after {again}"


def _checksum(payloads: Sequence[Any], new_fields: frozenset[str]) -> str:
    values = [_without(json.loads(payload.data), new_fields) for payload in payloads if payload.data]
    return f"{crc32(json.dumps(values, sort_keys=True).encode()):08x}"


def _without(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, names) for key, inner in value.items() if key not in names}
    return [_without(inner, names) for inner in value] if isinstance(value, list) else value


async def commands(file: Path, new_fields: frozenset[str] = frozenset()) -> list[Run]:
    """Replay all runs of a history; return the commands of each. Raises what does not replay."""
    recorders: list[CommandRecorder] = []

    def wrapped(inner: WorkflowRunner | None) -> WorkflowRunner:
        if inner is None:
            raise TypeError("The plugin before gives the replayer its sandbox.")
        recorders.append(CommandRecorder(inner, new_fields))
        return recorders[-1]

    # Whether the commands are the same is asked, not how fast: a busy machine may take the two seconds that the SDK
    # gives a workflow. This is how it is told not to watch them.
    replayer = Replayer(
        workflows=WORKFLOWS, plugins=[plugin(), SimplePlugin("recorder", workflow_runner=wrapped)], debug_mode=True
    )
    # One worker for all runs of a workflow; the first that does not replay is raised.
    await replayer.replay_workflows(_each(load_histories(file)))
    return list(recorders[-1].runs.values())


async def _each(runs: Sequence[WorkflowHistory]) -> AsyncIterator[WorkflowHistory]:
    for run in runs:
        yield run


def interface() -> Interface:
    """Return what other releases send and store: messages of each workflow, fields of each model, waits of retries."""
    options = {"RECORD": RECORD, "REPORT": REPORT, "BATCH": BATCH, "RETRY_EVERY": RETRY_EVERY}
    return {
        "messages": {
            workflow.__name__: {
                "signal": sorted(str(name) for name in definition.signals),
                "update": sorted(str(name) for name in definition.updates),
                "query": sorted(str(name) for name in definition.queries),
            }
            for workflow in WORKFLOWS
            for definition in [_Definition.must_from_class(workflow)]
        },
        "fields": {f"{model.__module__}.{model.__name__}": sorted(model.model_fields) for model in _models()},
        "required": {
            f"{model.__module__}.{model.__name__}": sorted(
                name for name, field in model.model_fields.items() if field.is_required()
            )
            for model in _models()
        },
        "retries": {name: str(option) for name, option in options.items()},
    }


def _models(model: type[BaseModel] = TemporalModel) -> Iterator[type[BaseModel]]:
    for inner in sorted(model.__subclasses__(), key=lambda each: (each.__module__, each.__name__)):
        if inspect.getmodule(inner) and inner.__module__.startswith("schemas."):
            yield inner
        yield from _models(inner)


def all_fields(known: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of all stored fields of an interface."""
    return frozenset(name for fields in known["fields"].values() for name in fields)


def interface_problems(version: str, known: Interface, now: Interface) -> Iterator[str]:
    """Yield what a release can no longer read or take of what an earlier one stores and sends, with what to do."""
    for workflow, messages in known["messages"].items():
        for kind, names in messages.items():
            for name in sorted({*names} - {*now["messages"].get(workflow, {}).get(kind, ())}):
                yield (
                    f"{workflow} has no {kind} of the name {name} any more. Keep it as long as pages and workers of "
                    f"{version} may send it."
                )
    for model, fields in known["fields"].items():
        for name in sorted({*fields} - {*now["fields"].get(model, ())}):
            yield (
                f"{model} has no field {name} any more. Keep it under this name: in what {version} stored, a renamed "
                "field is empty."
            )
        for name in sorted({*now["required"].get(model, ())} - {*known["required"][model]}):
            yield f"{model} requires the field {name}. Give it a default: what {version} stored does not have it."
    for name, waits in known["retries"].items():
        if now["retries"].get(name) != waits:
            yield (
                f"{name} is not what it is in {version}: {waits} is now {now['retries'].get(name)}. A workflow that "
                f"retries would wait otherwise than it did. Put the change behind workflow.patched() ({HOWTO})."
            )


async def command_problem(folder: Path, name: str, known: list[Run], new_fields: frozenset[str]) -> str | None:
    """Return how a kept history goes otherwise than it was recorded, with what to do, or None."""
    file, name = folder / f"{name}{SUFFIX}", f"{folder.name}/{name}"
    try:
        now = await commands(file, new_fields)
    # Whatever it is, a running workflow would be stuck at it.
    except Exception as error:
        return (
            f"{name} does not replay: {str(error).splitlines()[0][:300]}. Every running workflow would hang there. Put "
            f"the new steps behind workflow.patched(), or give stored models defaults ({HOWTO})."
        )
    for number, (before, after) in enumerate(zip(known, now, strict=False), start=1):
        for step, (was, is_now) in enumerate(zip(before, [*after, *[""] * len(before)], strict=False), start=1):
            if was != is_now:
                return (
                    f"{name}, run {number}, step {step} was “{was}” and is now “{is_now or 'missing'}”. A running "
                    f"workflow would do otherwise than it began to. Put the change behind workflow.patched(), or, if "
                    f"every running workflow may change so, write the fingerprint again ({HOWTO})."
                )
    return None


def read(folder: Path) -> dict[str, Any]:
    """Return the fingerprint of a release, from the folder of its histories."""
    kept: dict[str, Any] = json.loads(gzip.decompress((folder / FILE).read_bytes()))
    return kept


async def write(folder: Path) -> None:
    """Write the fingerprint of a release whose histories are in a folder, as today's workflows replay them."""
    kept = {"interface": interface(), "commands": {_name(file): await commands(file) for file in _histories(folder)}}
    # A fixed time stamp: the same fingerprint is the same bytes.
    (folder / FILE).write_bytes(gzip.compress(json.dumps(kept, sort_keys=True).encode(), mtime=0))


def _histories(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _name(file: Path) -> str:
    return file.name.removesuffix(SUFFIX)


async def problems(folder: Path, names: Sequence[str] | None = None) -> AsyncIterator[str]:
    """Yield all in which today's workflows are not compatible with a release, with what to do.

    ``names`` are the histories to replay, or None for all of them.
    """
    kept, now = read(folder), interface()
    for problem in interface_problems(folder.name, kept["interface"], now):
        yield problem
    new_fields = all_fields(now) - all_fields(kept["interface"])
    for name in names or sorted(kept["commands"]):
        changed = await command_problem(folder, name, kept["commands"][name], new_fields)
        if changed:
            yield changed


async def _main(step: str, folder: Path, names: list[str]) -> int:
    if step == "write":
        await write(folder)
        return 0
    found = [problem async for problem in problems(folder, names)]
    sys.stdout.write("".join(f"{problem}\n" for problem in found))
    return int(bool(found))


if __name__ == "__main__":
    status = asyncio.run(_main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
    sys.stdout.flush()
    # The SDK's threads may outlive the interpreter, which then aborts.
    os._exit(status)
