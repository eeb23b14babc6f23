"""Statements of PostgreSQL that serve several emails at once, while each email goes its own way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from storage.database import TEMPORARY_FAULTS

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Puts into one call what is asked for while the call before it is under way.

    ``run`` takes the items and returns a result for each. Where it fails by the fault of one item, each is tried by
    itself, so that none fails by another's.
    """

    def __init__(self, run: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._run = run
        self._asked: list[tuple[Item, asyncio.Future[Result]]] = []
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """Return the result for one item, or raise what it fails with."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._asked.append((item, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, []
            await self._answer(asked)
        self._working = None

    async def _answer(self, asked: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._run([item for item, _ in asked])
        except Exception as error:
            await self._failed(asked, error)
            return
        for (_, answer), result in zip(asked, results, strict=True):
            # Whoever asked may have been canceled meanwhile.
            if not answer.done():
                answer.set_result(result)

    async def _failed(self, asked: Sequence[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
        if len(asked) > 1 and not isinstance(error, TEMPORARY_FAULTS):
            for one in asked:
                await self._answer([one])
            return
        for _, answer in asked:
            if not answer.done():
                answer.set_exception(error)
