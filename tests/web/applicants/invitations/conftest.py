"""A real database with a class whose matches are proposed, and the pages of its people."""

import asyncpg
import pytest
from starlette.applications import Starlette

from tests.web.applicants.invitations.inviting import Class, EmptyDesk, gather
from web.app import create_app
from web.invitations import Invitations


@pytest.fixture
async def here(pool: asyncpg.Pool) -> Class:
    """The class on the day of the proposals."""
    return await gather(pool)


@pytest.fixture
def app(here: Class) -> Starlette:
    return create_app(EmptyDesk(), invitations=Invitations(here.pool, here.client, here.clock))
