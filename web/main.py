"""Serve the pages by uvicorn, with their services, PostgreSQL and Temporal."""

import asyncio

import uvicorn

from runtime.clock import clock
from runtime.settings import Settings
from runtime.temporal import connect
from services.applicants import ApplicantService
from services.invitations import InvitationService
from services.responses import ResponseService
from storage.database import open_pool
from web.app import create_app
from web.middleware.rate_limit import RateLimits


def serve(settings: Settings) -> None:
    """Serve the pages until SIGTERM or SIGINT."""
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    # Pages must come up and take responses while Temporal is away.
    client = await connect(settings, lazy=True)
    async with open_pool(settings.database_url.get_secret_value()) as pool:
        servers = (pool, client, clock(settings.clock_file))
        app = create_app(
            ResponseService(*servers),
            applicants=ApplicantService(*servers, settings.task_queue),
            invitations=InvitationService(*servers, settings.task_queue),
            mailbox=settings.mailbox,
            limits=RateLimits(),
        )
        config = uvicorn.Config(
            app, host=settings.web_host, port=settings.web_port, log_config=None, access_log=False, server_header=False
        )
        await uvicorn.Server(config).serve()
