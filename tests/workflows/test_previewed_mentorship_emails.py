"""Every step about one mentorship, early, in time, late and past, twice: it leads to the emails it previewed."""

from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import pytest_asyncio

from rehearsal.environment import Environment
from schemas.cohort.folder import CohortFolder
from tests.workflows.conftest import start_one_pair
from tests.workflows.mentorship_steps import MOMENTS, STEPS, take_all, to_participants
from tests.workflows.one_pair import OnePair
from tests.workflows.previewed import Taken

CELLS = [(name, moment) for name in STEPS for moment in MOMENTS]
Matrix = dict[tuple[str, str], tuple[Taken, Taken]]
Begin = Callable[[str], Coroutine[Any, Any, OnePair]]


@pytest_asyncio.fixture(scope="module")
async def matrix(environment: Environment, mile_2019: CohortFolder) -> Matrix:
    settings = mile_2019.settings.model_copy(update={"id": "steps-of-a-pair"})
    folder = mile_2019.model_copy(update={"settings": settings})
    handle = await start_one_pair(environment.client, environment.pool, folder, environment.settings.task_queue)
    return await take_all(OnePair(environment, folder, handle.id.removeprefix("mentorship-"), handle))


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_emails_that_leave_at_once_are_those_that_were_printed_before(matrix: Matrix, cell: tuple[str, str]) -> None:
    for taken in matrix[cell]:
        assert to_participants(taken.really) == taken.previewed, taken.printed


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_a_step_taken_again_emails_nobody(matrix: Matrix, cell: tuple[str, str]) -> None:
    _, again = matrix[cell]
    assert STEPS[cell[0]].repeats or again.really == again.previewed == Counter()


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_no_email_is_of_a_day_that_is_past(matrix: Matrix, cell: tuple[str, str]) -> None:
    today = MOMENTS[cell[1]].date()
    for taken in matrix[cell]:
        assert [one for one in taken.leaving if one[2].date() < today] == []
        assert [one for one in taken.subjects if one[0].date() < today] == []


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_a_step_is_refused_exactly_where_its_preview_is(matrix: Matrix, cell: tuple[str, str]) -> None:
    for taken in matrix[cell]:
        assert taken.refused is None or taken.refused[0] == taken.refused[1], taken.refused
