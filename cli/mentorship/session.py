"""Run a use case about one mentorship: the servers it needs, and the mentorship it is about."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from cli.common.servers import open_services
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.mentorships.lookup import find_mentorship

Result = TypeVar("Result")


def with_mentorship(
    mentorship_id: str, folder: Path, use_case: Callable[[ServiceContext, MentorshipPair], Awaitable[Result]]
) -> tuple[MentorshipPair, Result]:
    """Return a mentorship's pair and what a use case about it returns; raises UnknownMentorship."""

    async def run() -> tuple[MentorshipPair, Result]:
        async with open_services(folder) as services:
            pair = await find_mentorship(services, mentorship_id)
            return pair, await use_case(services, pair)

    return asyncio.run(run())
