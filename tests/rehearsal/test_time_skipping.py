"""Jumps of a workflow's clock, with an engine that forgets one: a race that no test can bring about."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client

from rehearsal import time_skipping
from rehearsal.time_skipping import WorkflowClocks, wait_for_end
from schemas.errors import MileError

START = datetime(2019, 5, 10, 14, tzinfo=UTC)
HANDLE = cast("Any", SimpleNamespace(id="mentorship-mile-2019-001"))


class ForgetfulEngine:
    """An engine whose workflow begins a new run while the first jump is on; the jump itself comes to its end."""

    def __init__(self, error: str) -> None:
        self.now = START
        self.jumps: list[timedelta] = []
        self._error = error

    async def describe_workflow_execution(self, _: object, *, retry: bool) -> DescribeWorkflowExecutionResponse:
        described = DescribeWorkflowExecutionResponse()
        described.workflow_extended_info.time_skipping_info.current_time.FromDatetime(self.now)
        return described

    async def fast_forward(self, _: object, span: timedelta) -> bool:
        self.jumps.append(span)
        self.now += span
        if len(self.jumps) == 1:
            raise RuntimeError(self._error)
        return True


def clocks_on(engine: ForgetfulEngine) -> WorkflowClocks:
    client = SimpleNamespace(config=lambda: {"interceptors": []}, namespace="default", workflow_service=engine)
    clocks = WorkflowClocks(cast("Client", client))
    clocks._skipper = cast("Any", engine)
    return clocks


async def test_jump_that_a_new_run_knows_nothing_of_is_not_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("temporalio.client.Client", lambda **_: None)
    engine = ForgetfulEngine("the requested fast_forward_id does not match the execution's current fast-forward")
    await clocks_on(engine).advance_to(HANDLE, START + timedelta(days=30), timedelta(0), due=False)
    assert engine.jumps == [timedelta(days=30)]
    assert engine.now == START + timedelta(days=30)


async def test_any_other_error_of_the_engine_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("temporalio.client.Client", lambda **_: None)
    engine = ForgetfulEngine("the engine is away")
    with pytest.raises(RuntimeError, match="the engine is away"):
        await clocks_on(engine).advance_to(HANDLE, START + timedelta(days=30), timedelta(0), due=False)


class SilentEngine(ForgetfulEngine):
    """An engine that never says that a jump is over."""

    async def fast_forward(self, _: object, span: timedelta) -> bool:
        await asyncio.Event().wait()
        return True


async def test_engine_that_does_not_answer_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("temporalio.client.Client", lambda **_: None)
    monkeypatch.setattr(time_skipping, "IDLE_WITHIN_SECONDS", 0.05)
    with pytest.raises(MileError, match="mentorship-mile-2019-001 was to jump by 30 days"):
        await clocks_on(SilentEngine("")).advance_to(HANDLE, START + timedelta(days=30), timedelta(0), due=False)


async def test_workflow_that_does_not_end_says_what_it_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def why_not() -> str:
        return "it waits for mile-2019-004."

    monkeypatch.setattr(time_skipping, "IDLE_WITHIN_SECONDS", 0.05)
    handle = cast("Any", SimpleNamespace(id="cohort-mile-2019", result=asyncio.Event().wait))
    with pytest.raises(MileError, match="no date lies ahead of it: it waits for mile-2019-004"):
        await wait_for_end(handle, why_not)
