"""What the ``timeline`` query says is what happens when nobody replies, from wherever a mentorship has got to."""

import random
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

import pytest
from temporalio.client import WorkflowQueryFailedError, WorkflowUpdateFailedError

from schemas.enums import Side
from schemas.mentorship.changes import ChangeResult, ExtendRequest, PauseRequest, WhatIfRequest
from tests.workflows.one_pair import FAR, OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]


@pytest.mark.parametrize("seed", range(3))
async def test_the_timeline_of_any_day_is_lived_to_the_letter(one_pair: Begin, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    pair = await one_pair(f"forecast-{seed}")
    for month in range(6, 6 + chance.randrange(1, 14)):
        day = date(2019 + month // 12, month % 12 + 1, chance.randrange(1, 28))
        await pair.on(day, answering=tuple(side for side in Side if chance.random() < 0.6))
    before, ahead = len(await pair.emails()), await pair.forecast()
    await pair.run_until(FAR)
    assert await pair.sent_emails(before) == ahead


async def test_what_a_change_would_bring_is_what_it_brings(one_pair: Begin) -> None:
    pair = await one_pair("what-if")
    await pair.on(date(2019, 10, 25))
    before = await pair.forecast()
    request = PauseRequest(from_on=date(2019, 10, 28), until_on=date(2019, 12, 9))
    would = await pair.staff_asks(WhatIfRequest(change=request))
    assert await pair.forecast() == before
    assert (await pair.staff("pause", request, ChangeResult)).ends_on == would.ends_on
    moved = {(one.before, one.email.to, str(one.email.kind)) for one in would.moved}
    now = {(one.email.at, one.email.to, str(one.email.kind)) for one in would.moved}
    assert sorted((set(before) - moved) | now) == await pair.forecast()
    assert {line.kind for line in would.added} == {"terms_changed"}
    assert would.dropped == ()


async def test_what_would_be_refused_is_refused_before(one_pair: Begin) -> None:
    pair = await one_pair("what-if-refused")
    await pair.on(date(2019, 10, 25))
    await pair.staff("extend", ExtendRequest(months=20), ChangeResult)
    with pytest.raises(WorkflowQueryFailedError, match="at most 24 are possible"):
        await pair.staff_asks(WhatIfRequest(change=ExtendRequest(months=5)))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await pair.staff("extend", ExtendRequest(months=5), ChangeResult)
    assert "at most 24 are possible" in str(refused.value.cause)


async def test_staff_are_shown_what_a_silent_pair_leaves_open(one_pair: Begin) -> None:
    pair = await one_pair("concerns")
    assert (await pair.on(date(2019, 5, 31))).concerns == ()
    assert (await pair.on(date(2019, 6, 3))).concerns == ("no_first_contact",)
    assert (await pair.on(date(2019, 6, 24))).concerns == ("no_first_contact", "no_agreement")
    assert (await pair.on(date(2019, 11, 12))).concerns == ("no_first_contact", "no_agreement", "silent")
    await pair.on(date(2020, 1, 22))
    await pair.answer(Side.MENTOR, "check_in-3", status="met")
    assert (await pair.progress_at()).concerns == ("no_agreement",)
