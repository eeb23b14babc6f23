"""A real database with a class whose matches are proposed, and the pages of its people."""

import asyncpg
import pytest
from starlette.applications import Starlette

from services.invitations import InvitationService
from tests.web.applicants.invitations.inviting import Class, UnusedResponseService, gather
from web.app import create_app


@pytest.fixture
async def here(pool: asyncpg.Pool) -> Class:
    """The class on the day of the proposals."""
    return await gather(pool)


@pytest.fixture
def app(here: Class) -> Starlette:
    return create_app(UnusedResponseService(), invitations=InvitationService(here.pool, here.client, here.clock))
