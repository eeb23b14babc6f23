"""One small stack for the tests of this folder: real servers, a mailbox, no worker and no pages."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import pytest_asyncio

from runtime.local_stack.stack import LocalStack, StackOptions, StackPart


@pytest.fixture(scope="session")
def captured() -> list[EmailMessage]:
    return []


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one stack.

    Not pytest's own: where tests run as root, another pytest on the machine would shut PostgreSQL's user out of it.
    """
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        yield Path(made)


@pytest_asyncio.fixture(scope="package")
async def servers(captured: list[EmailMessage]) -> AsyncIterator[LocalStack]:
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        options = StackOptions(folder=Path(made), ports=None, parts=frozenset({StackPart.MAIL}), rehearsal=True)
        async with LocalStack(options, on_mail=captured.append) as stack:
            yield stack
