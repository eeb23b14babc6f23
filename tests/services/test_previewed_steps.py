"""Every step of staff that no workflow carries out, early, in time, late and past, twice: its emails are previewed."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from runtime.settings import Settings
from storage.database import open_pool
from tests.services.stored_steps import MOMENTS_TAKEN, STEPS, take_all
from tests.workflows.previewed import Taken, names_past_day

CELLS = [(name, moment) for name in STEPS for moment in MOMENTS_TAKEN]
# What leads to emails at all: an oracle beside the previews.
EMAILED = {
    "waive": {("status changed", "M03")},
    "wait": {("status changed", "M03")},
    "import": {("application link", "P01")},
    "hand over": {("role given", "Chair")},
    "answer": {("question answered", "P01")},
    "message": {("message", "M01"), ("message", "M02"), ("message", "M03")},
    "email release": {("kickoff", "M02")},
    "email retry": {("kickoff", "M02")},
}
# A second answer to the same question is an answer of its own.
EMAILED_AGAIN = {"answer": {("question answered", "P01")}}
Matrix = dict[tuple[str, str], tuple[Taken, Taken]]


@pytest_asyncio.fixture(scope="module")
async def matrix(database_url: str, emptying: str) -> AsyncIterator[Matrix]:
    settings = Settings.model_validate(
        {
            "database_url": database_url,
            "link_secret": "a secret of thirty-two characters",
            "public_url": "http://127.0.0.1:8400",
            "sender": "mile@example.org",
        }
    )
    async with open_pool(database_url) as pool:
        await pool.execute(emptying)
        yield await take_all(pool, settings)


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_emails_that_leave_are_those_that_were_printed_before(matrix: Matrix, cell: tuple[str, str]) -> None:
    for taken in matrix[cell]:
        assert taken.really == taken.previewed, taken.printed


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_a_step_emails_whom_it_should_and_taken_again_hardly_anybody(matrix: Matrix, cell: tuple[str, str]) -> None:
    name, moment = cell
    first, again = matrix[cell]
    nobody = name == "import" and moment == "past"
    assert set(first.really) == (set() if nobody else EMAILED.get(name, set()))
    assert set(again.really) == EMAILED_AGAIN.get(name, set())


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_no_email_is_about_a_day_that_is_past(matrix: Matrix, cell: tuple[str, str]) -> None:
    for taken in matrix[cell]:
        assert [line for at, line in taken.subjects if names_past_day(line, at)] == []


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_a_step_is_refused_exactly_where_its_preview_is(matrix: Matrix, cell: tuple[str, str]) -> None:
    for taken in matrix[cell]:
        assert taken.refused is None or taken.refused[0] == taken.refused[1], taken.refused


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_no_workflow_hears_of_a_step_but_one_that_ends_it(matrix: Matrix, cell: tuple[str, str]) -> None:
    first, again = matrix[cell]
    assert first.told == (list(STEPS[cell[0]].tells) if first.refused is None else [])
    assert again.told == []
