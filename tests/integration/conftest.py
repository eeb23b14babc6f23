"""Gives the tests of delivery one set of mail servers, and a class with all the emails of its mentorships."""

from collections.abc import Iterator

import asyncpg
import pytest

from tests.integration.mail_class import PEOPLE, ROLE, MailClass
from tests.integration.mail_servers import MailServers, mail_servers, require_servers


@pytest.fixture(scope="session")
def running_servers() -> Iterator[MailServers]:
    """Start the servers once; a test skips where they are not installed."""
    require_servers()
    with mail_servers([*PEOPLE, ROLE, "bounces"]) as servers:
        yield servers


@pytest.fixture
def servers(running_servers: MailServers) -> MailServers:
    """The servers with empty mailboxes."""
    running_servers.empty()
    return running_servers


@pytest.fixture
async def mail_class(servers: MailServers, pool: asyncpg.Pool, database_url: str) -> MailClass:
    """A class whose emails are all due."""
    made = MailClass(pool, database_url, servers)
    await made.enqueue_everything()
    return made
