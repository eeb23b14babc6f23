"""A stack for one test or one file alone, because the test ends its worker, counts its emails or changes its engine."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rehearsal.environment import Environment, open_environment
from rehearsal.inbox import Inbox
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart


@asynccontextmanager
async def own_stack(*dynamic: str) -> AsyncIterator[tuple[LocalStack, Environment]]:
    """Run a stack with a worker on a rehearsal's clock; ``dynamic`` are settings of its engine."""
    inbox = Inbox()
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        options = StackOptions(
            folder=Path(made),
            ports=None,
            parts=frozenset({StackPart.MAIL, StackPart.WORKER}),
            rehearsal=True,
            dynamic=dynamic,
        )
        async with (
            LocalStack(options, on_mail=inbox.receive) as stack,
            open_environment(stack.settings, stack.client, inbox) as environment,
        ):
            yield stack, environment
