"""Jumps of a workflow's clock, with an engine that loses its answers: races that no test can bring about."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse, UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from rehearsal import time_skipping
from rehearsal.time_skipping import WorkflowClocks, wait_for_end
from schemas.errors import MileError

START = datetime(2019, 5, 10, 14, tzinfo=UTC)
HANDLE = cast("Any", SimpleNamespace(id="mentorship-mile-2019-001"))


class UnreliableEngine:
    """An engine that jumps when it is asked to, answers the first time with an error, and can be busy for a while."""

    def __init__(self, error: RPCStatusCode | None = None, *, jumps: bool = True, busy_for: int = 0) -> None:
        self.now = START
        self.asked: list[timedelta] = []
        self._error = error
        self._jumps = jumps
        self._busy_for = busy_for

    async def describe_workflow_execution(self, _: object, *, retry: bool) -> DescribeWorkflowExecutionResponse:
        if self.asked and self._busy_for:
            self._busy_for -= 1
            if not self._busy_for:
                self.now += self.asked[-1]
        described = DescribeWorkflowExecutionResponse()
        info = described.workflow_extended_info.time_skipping_info
        info.current_time.FromDatetime(self.now)
        info.effective_config.enabled = bool(self.asked) and bool(self._busy_for or not self._jumps)
        return described

    async def update_workflow_execution_options(
        self, request: UpdateWorkflowExecutionOptionsRequest, *, retry: bool
    ) -> None:
        assert not retry, "a question that is asked twice is two jumps"
        config = request.workflow_execution_options.time_skipping_config
        assert config.max_session_skip_count == 1
        self.asked.append(config.fast_forward_config.duration.ToTimedelta())
        if self._jumps and not self._busy_for:
            self.now += self.asked[-1]
        if self._error is not None and len(self.asked) == 1:
            raise RPCError("the answer was lost", self._error, b"")


def clocks_on(engine: UnreliableEngine) -> WorkflowClocks:
    client = SimpleNamespace(namespace="default", identity="test", workflow_service=engine)
    return WorkflowClocks(cast("Client", client))


async def advance(engine: UnreliableEngine) -> None:
    await clocks_on(engine).advance_to(HANDLE, START + timedelta(days=30), timedelta(0), due=False)


@pytest.mark.parametrize("lost", [None, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNAVAILABLE])
async def test_jump_whose_answer_was_lost_is_not_made_twice(lost: RPCStatusCode | None) -> None:
    engine = UnreliableEngine(lost)
    await advance(engine)
    assert engine.asked == [timedelta(days=30)]
    assert engine.now == START + timedelta(days=30)


async def test_jump_of_a_busy_workflow_is_waited_for_and_not_asked_for_again() -> None:
    engine = UnreliableEngine(busy_for=3)
    await advance(engine)
    assert engine.asked == [timedelta(days=30)]
    assert engine.now == START + timedelta(days=30)


async def test_any_other_error_of_the_engine_is_raised() -> None:
    with pytest.raises(RPCError, match="the answer was lost"):
        await advance(UnreliableEngine(RPCStatusCode.PERMISSION_DENIED))


async def test_engine_that_does_not_jump_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_skipping, "IDLE_WITHIN_SECONDS", 0.05)
    with pytest.raises(MileError, match="mentorship-mile-2019-001 did not get to 2019-06-09"):
        await advance(UnreliableEngine(jumps=False))


async def test_clock_that_is_far_past_its_moment_is_an_error() -> None:
    engine = UnreliableEngine()
    engine.now = START + timedelta(days=50)
    with pytest.raises(MileError, match="is 20 days, 0:00:00 past it"):
        await advance(engine)


async def test_workflow_that_does_not_end_says_what_it_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def why_not() -> str:
        return "it waits for mile-2019-004."

    monkeypatch.setattr(time_skipping, "IDLE_WITHIN_SECONDS", 0.05)
    handle = cast("Any", SimpleNamespace(id="cohort-mile-2019", result=asyncio.Event().wait))
    with pytest.raises(MileError, match="no date lies ahead of it: it waits for mile-2019-004"):
        await wait_for_end(handle, why_not)
