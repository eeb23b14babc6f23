"""One statement serves several emails, and none fails by the fault of another."""

import asyncio
from collections.abc import Sequence

import pytest

from emails.batcher import Batcher


class Statement:
    """Doubles numbers, as PostgreSQL would: all at once, or none where one cannot be."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.away = False

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        self.calls.append([*numbers])
        await asyncio.sleep(0)
        if self.away:
            raise ConnectionRefusedError
        if -1 in numbers:
            raise ValueError("-1 cannot be doubled")
        return [2 * number for number in numbers]


@pytest.fixture
def statement() -> Statement:
    return Statement()


@pytest.fixture
def double(statement: Statement) -> Batcher[int, int]:
    return Batcher(statement)


async def test_what_is_asked_at_the_same_time_is_one_call(statement: Statement, double: Batcher[int, int]) -> None:
    assert await asyncio.gather(*(double(number) for number in range(5))) == [0, 2, 4, 6, 8]
    assert await double(7) == 14
    assert statement.calls == [[0, 1, 2, 3, 4], [7]]


async def test_item_at_fault_fails_alone(statement: Statement, double: Batcher[int, int]) -> None:
    first, bad, last = await asyncio.gather(*(double(number) for number in (1, -1, 3)), return_exceptions=True)
    assert (first, last) == (2, 6)
    assert isinstance(bad, ValueError)
    assert statement.calls == [[1, -1, 3], [1], [-1], [3]]


async def test_database_that_is_away_is_not_asked_for_each_item(
    statement: Statement, double: Batcher[int, int]
) -> None:
    statement.away = True
    failed = await asyncio.gather(*(double(number) for number in range(3)), return_exceptions=True)
    assert [type(error) for error in failed] == [ConnectionRefusedError] * 3
    assert statement.calls == [[0, 1, 2]]


async def test_whoever_stops_waiting_takes_no_result_from_the_others(double: Batcher[int, int]) -> None:
    waiting = [asyncio.create_task(double(number)) for number in range(3)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    assert [await waiting[0], await waiting[2]] == [0, 4]
    assert await double(4) == 8
