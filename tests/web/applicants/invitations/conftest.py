"""A real database with a class whose matches are proposed, and the pages of its people."""

import asyncpg
import pytest
from starlette.applications import Starlette

from services.invitations import InvitationService
from tests.web.applicants.invitations.proposed_class import ProposedClass, UnusedResponseService, create_proposed_class
from web.app import create_app


@pytest.fixture
async def proposed(pool: asyncpg.Pool) -> ProposedClass:
    """The class on the day of the proposals."""
    return await create_proposed_class(pool)


@pytest.fixture
def app(proposed: ProposedClass) -> Starlette:
    return create_app(
        UnusedResponseService(), invitations=InvitationService(proposed.pool, proposed.client, proposed.clock)
    )
