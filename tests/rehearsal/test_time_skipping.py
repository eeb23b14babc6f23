"""Jumps of a workflow's clock, with an engine that forgets one: a race that no test can bring about."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.client import Client

from rehearsal.time_skipping import WorkflowClocks

START = datetime(2019, 5, 10, 14, tzinfo=UTC)
HANDLE = cast("Any", SimpleNamespace(id="mentorship-mile-2019-001"))


class ForgetfulEngine:
    """An engine whose workflow begins a new run while the first jump is on; the jump itself comes to its end."""

    def __init__(self, error: str) -> None:
        self.now = START
        self.jumps: list[timedelta] = []
        self._error = error

    async def get_current_time(self, _: object) -> datetime:
        return self.now

    async def fast_forward(self, _: object, span: timedelta) -> bool:
        self.jumps.append(span)
        self.now += span
        if len(self.jumps) == 1:
            raise RuntimeError(self._error)
        return True


def clocks_on(engine: ForgetfulEngine) -> WorkflowClocks:
    clocks = WorkflowClocks(cast("Client", SimpleNamespace(config=lambda: {"interceptors": []})))
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
