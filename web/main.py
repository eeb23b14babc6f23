"""Serve the pages by uvicorn, with their services, PostgreSQL and Temporal."""

import asyncio

import uvicorn

from runtime.clock import clock
from runtime.settings import Settings
from services.applicants import ApplicantService
from services.context import open_context
from services.invitations import InvitationService
from services.lost_links import LostLinkService
from services.opportunity_choices import OpportunityChoiceService
from services.reminders import ReminderService
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from services.topic_choices import TopicChoiceService
from web.app import create_app
from web.connections import bounds
from web.middleware.rate_limit import RateLimits

CONNECTIONS = 8


def serve(settings: Settings) -> None:
    """Serve the pages until SIGTERM or SIGINT."""
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    # Lazy: pages must come up and take responses while Temporal is away.
    async with open_context(settings, connections=CONNECTIONS, lazy=True) as services:
        time = clock(settings.clock_file)
        app = create_app(
            ResponseService(services.pool, services.client, time),
            applicants=ApplicantService(services.pool, time),
            invitations=InvitationService(services.pool, services.client, time),
            reminders=ReminderService(services.pool, time),
            lost_links=LostLinkService(services.pool, time),
            opportunities=OpportunityChoiceService(services.pool, time),
            topics=TopicChoiceService(services.pool, time),
            staff=StaffSessionService(services.pool, time),
            services=services,
            mailbox=settings.mailbox,
            limits=RateLimits(),
        )
        # Our own access log replaces uvicorn's, which would write paths, and a path can contain a link's token.
        config = uvicorn.Config(
            app,
            host=settings.web_host,
            port=settings.web_port,
            log_config=None,
            access_log=False,
            server_header=False,
            **bounds(),
        )
        await uvicorn.Server(config).serve()
