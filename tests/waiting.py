"""Waiting for what another process does, and does not tell."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

DONE_WITHIN_SECONDS, LOOKS_AGAIN_AFTER_SECONDS = 300, 0.05
Found = TypeVar("Found")


async def until(look: Callable[[], Awaitable[Found | None]]) -> Found:
    """Look until there is something, and return it.

    Who looks without a pause takes the processor from whoever is to do it.
    """
    async with asyncio.timeout(DONE_WITHIN_SECONDS):
        while not (found := await look()):  # noqa: ASYNC110 - there is no event
            await asyncio.sleep(LOOKS_AGAIN_AFTER_SECONDS)
    return found
