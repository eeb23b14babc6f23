"""Every step of staff, early, in time, late and past, the first time and again: it leads to the emails it previewed."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
import pytest_asyncio

from rehearsal.environment import Environment
from schemas.cohort.folder import CohortFolder
from tests.workflows.previewed import Taken, names_past_day
from tests.workflows.staff_steps import STEPS, take_all

CELLS = [(name, moment) for name, step in STEPS.items() for moment in step.moments]
# Each status, proposal and match has an email of its own, and a mentorship's emails are tested elsewhere.
FOR_EACH_ACT = {"status changed", "proposal", "match final", "welcome"}
Matrix = dict[tuple[str, str], tuple[Taken, Taken]]


@pytest_asyncio.fixture(scope="module")
async def matrix(environment: Environment, mile_2019: CohortFolder) -> Matrix:
    return await take_all(environment, mile_2019)


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_emails_that_leave_at_once_are_those_that_were_printed_before(matrix: Matrix, cell: tuple[str, str]) -> None:
    for taken in matrix[cell]:
        assert taken.really == taken.previewed, taken.printed


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell[1] in STEPS[cell[0]].lives_on], ids=" ".join)
def test_emails_until_the_kickoff_are_those_that_were_printed_before(matrix: Matrix, cell: tuple[str, str]) -> None:
    first, _ = matrix[cell]
    assert first.really_later == first.previewed_later, first.printed


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_a_step_taken_again_emails_nobody(matrix: Matrix, cell: tuple[str, str]) -> None:
    _, again = matrix[cell]
    assert again.really == again.previewed == Counter()


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_nobody_gets_two_emails_of_a_kind_on_one_day(matrix: Matrix, cell: tuple[str, str]) -> None:
    first, again = matrix[cell]
    leaving = sorted(one for one in (first.leaving or again.leaving) if one[0] not in FOR_EACH_ACT)
    pairs = [(one, other) for one, other in pairwise(leaving) if one[:2] == other[:2]]
    assert [pair for pair in pairs if pair[1][2] - pair[0][2] < timedelta(hours=20)] == []


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_no_email_is_about_a_day_that_is_past(matrix: Matrix, cell: tuple[str, str]) -> None:
    for taken in matrix[cell]:
        assert [line for sent_at, line in taken.subjects if names_past_day(line, sent_at)] == []


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_a_step_is_refused_exactly_where_its_preview_is(matrix: Matrix, cell: tuple[str, str]) -> None:
    for taken in matrix[cell]:
        assert taken.refused is None or all(taken.refused), taken.refused
