"""Whoever holds one link can neither fill a workflow's history nor keep other people's responses from theirs."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import asyncpg
import pytest

from schemas.actor import Actor
from schemas.errors import Refusal, TemporalUnavailable
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.responses import NewResponse
from services.responses import ResponseService
from storage.responses import MOST_REVISIONS, responses_of_cohort

if TYPE_CHECKING:
    from tests.security.conftest import NotingEngine

COHORT, MENTOR = "mile-2019", Actor.participant("M1")
Answered = Callable[..., NewResponse]
Sweep = Callable[[], Awaitable[int]]


async def test_a_hundred_clicks_on_one_button_are_one_signal(
    responses_service: ResponseService, engine: "NotingEngine", pairs: tuple[str, ...], answered: Answered
) -> None:
    for _ in range(100):
        await responses_service.save(MENTOR, COHORT, answered(pairs[0]))
    assert engine.signals == [mentorship_workflow_id(pairs[0])]


async def test_answers_can_be_changed_49_times_and_then_stand(
    responses_service: ResponseService,
    engine: "NotingEngine",
    pool: asyncpg.Pool,
    pairs: tuple[str, ...],
    answered: Answered,
) -> None:
    for number in range(MOST_REVISIONS):
        await responses_service.save(MENTOR, COHORT, answered(pairs[0], meetings=str(number)))
    with pytest.raises(Refusal, match="50 times"):
        await responses_service.save(MENTOR, COHORT, answered(pairs[0], meetings="99"))
    assert len(engine.signals) == len(await responses_of_cohort(pool, "mile-2019")) == MOST_REVISIONS
    assert not (
        await responses_service.save(MENTOR, COHORT, answered(pairs[0], meetings=str(MOST_REVISIONS - 1)))
    ).changed


async def test_a_signal_that_is_refused_holds_up_no_other(
    responses_service: ResponseService, engine: "NotingEngine", pairs: tuple[str, ...], answered: Answered, sweep: Sweep
) -> None:
    engine.away = True
    for mentorship in pairs:
        await responses_service.save(MENTOR, COHORT, answered(mentorship))
    engine.away, engine.refuses = False, mentorship_workflow_id(pairs[0])
    assert await sweep() == 1
    assert engine.signals == [mentorship_workflow_id(pairs[1])]
    engine.refuses = ""
    assert await sweep() == 1


async def test_an_engine_that_is_away_is_not_asked_for_every_response(
    responses_service: ResponseService, engine: "NotingEngine", pairs: tuple[str, ...], answered: Answered, sweep: Sweep
) -> None:
    engine.away = True
    for mentorship in pairs:
        await responses_service.save(MENTOR, COHORT, answered(mentorship))
    before = engine.tries
    with pytest.raises(TemporalUnavailable):
        await sweep()
    assert engine.tries == before + 1
