"""The stage of a play: a stack of servers that exists for it, with the pages asked in this very process."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import httpx
from temporalio.client import Client

from rehearsal.inbox import Inbox
from rehearsal.pages_seen import PagesSeen
from rehearsal.time_skipping import WorkflowClocks
from runtime.clock import RehearsalClock
from runtime.settings import Settings
from services.applicants import ApplicantService
from services.invitations import InvitationService
from services.responses import ResponseService
from storage.database import open_pool
from web.app import create_app


@dataclass(frozen=True)
class Environment:
    """All a play stands on: the servers, the pages, the mailbox, and the clocks."""

    settings: Settings
    client: Client
    pool: asyncpg.Pool
    http: httpx.AsyncClient
    clock: RehearsalClock
    inbox: Inbox
    workflow_clocks: WorkflowClocks
    pages_seen: PagesSeen = field(default_factory=PagesSeen)


@contextlib.asynccontextmanager
async def open_environment(settings: Settings, client: Client, inbox: Inbox) -> AsyncIterator[Environment]:
    """Open the pages and the pool of a play on a running stack; ``letters`` is what the stack's mailbox fills.

    The pages keep the rehearsed time in the stack's clock file, so that pages served later show it too.
    """
    clock = RehearsalClock()
    async with open_pool(settings.database_url.get_secret_value()) as pool:
        app = create_app(
            ResponseService(pool, client, clock),
            applicants=ApplicantService(pool, client, clock, settings.task_queue),
            invitations=InvitationService(pool, client, clock, settings.task_queue),
        )
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url, follow_redirects=True) as http:
            yield Environment(settings, client, pool, http, clock, inbox, WorkflowClocks(client))
    if settings.clock_file:
        clock.write(settings.clock_file)
