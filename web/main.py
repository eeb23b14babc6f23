"""Serving the pages: the desk with its database and engine, behind uvicorn."""

import asyncio

import uvicorn

from runtime.clock import clock
from runtime.settings import Settings
from runtime.temporal import connect
from storage.database import open_pool
from web.admissions import Admissions
from web.app import create_app
from web.invitations import Invitations
from web.middleware.rate_limit import RateLimits
from web.office import Office


def serve(settings: Settings) -> None:
    """Serve the pages until SIGTERM or SIGINT."""
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    # Pages must come up and take responses while Temporal is away.
    client = await connect(settings, lazy=True)
    async with open_pool(settings.database_url.get_secret_value()) as pool:
        behind = (pool, client, clock(settings.clock_file))
        app = create_app(
            Office(*behind),
            admissions=Admissions(*behind, settings.task_queue),
            invitations=Invitations(*behind, settings.task_queue),
            mailbox=settings.mailbox,
            limits=RateLimits(),
        )
        config = uvicorn.Config(
            app, host=settings.web_host, port=settings.web_port, log_config=None, access_log=False, server_header=False
        )
        await uvicorn.Server(config).serve()
