"""Serve the pages by uvicorn, with their services, PostgreSQL and Temporal."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import uvicorn
import uvloop
from temporalio.common import MetricMeter

from runtime.clock import clock
from runtime.health import require_servers
from runtime.settings import Settings
from runtime.telemetry import start_telemetry
from services.applicants import ApplicantService
from services.calendar_feeds import CalendarFeedService
from services.context import ServiceContext, open_context
from services.invitations import InvitationService
from services.lost_links import LostLinkService
from services.meetings import MeetingService
from services.metrics import ServiceMetrics
from services.my_mentorship import MyMentorshipService
from services.opportunity_choices import OpportunityChoiceService
from services.participant_steps import ParticipantStepService
from services.reminders import ReminderService
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from services.topic_choices import TopicChoiceService
from web.app import create_app
from web.connections import bounds
from web.middleware.rate_limit import RateLimits

CONNECTIONS = 8
# Somebody waits, and has words to keep: when PostgreSQL hangs they come back on the page that asks to try again.
DATABASE_ANSWERS_WITHIN = timedelta(seconds=4)
# Below the stop_grace_period of docker-compose.yml: what hangs by then, for a server that does, is given up.
STOPS_WITHIN_SECONDS = 20
# After standard input, output and error.
FIRST_PASSED = 3


def serve(settings: Settings) -> None:
    """Serve the pages until SIGTERM or SIGINT."""
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    meter = start_telemetry(settings, settings.web_metrics_address)
    await require_servers(settings)
    # Lazy: pages must come up and take responses while Temporal is away.
    async with open_context(
        settings, connections=CONNECTIONS, lazy=True, answers_within=DATABASE_ANSWERS_WITHIN
    ) as services:
        time = clock(settings.clock_file)
        app = create_app(
            ResponseService(services.pool, services.client, time),
            applicants=ApplicantService(services.pool, time),
            invitations=InvitationService(services.pool, services.client, time),
            reminders=ReminderService(services.pool, time),
            lost_links=LostLinkService(services.pool, time),
            opportunities=OpportunityChoiceService(services.pool, time),
            topics=TopicChoiceService(services.pool, time),
            my_mentorship=MyMentorshipService(services.pool, time),
            participant_steps=ParticipantStepService(services, time),
            meetings=MeetingService(services),
            calendar_feeds=CalendarFeedService(services, MyMentorshipService(services.pool, time), time),
            staff=StaffSessionService(services.pool),
            services=services,
            mailbox=settings.mailbox,
            limits=RateLimits(),
            meter=meter,
        )
        # Our own access log replaces uvicorn's, which would write paths, and a path can contain a link's token.
        config = uvicorn.Config(
            app,
            host=settings.web_host,
            port=settings.web_port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOPS_WITHIN_SECONDS,
            **bounds(),
        )
        async with _reporting(services, settings, meter):
            await uvicorn.Server(config).serve(sockets=_passed_sockets())


def _passed_sockets() -> list[socket.socket] | None:
    """Return the listening sockets that systemd passes on, if it does (sd_listen_fds(3)).

    It keeps them open while the pages restart, so that connections wait and none is refused.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    return [socket.socket(fileno=FIRST_PASSED + number) for number in range(int(os.environ.get("LISTEN_FDS", "0")))]


@contextlib.asynccontextmanager
async def _reporting(services: ServiceContext, settings: Settings, meter: MetricMeter) -> AsyncIterator[None]:
    """Report how the service stands during the block, so that it is told where no worker runs."""
    if meter is MetricMeter.noop:
        yield
        return
    task = asyncio.create_task(ServiceMetrics(services.pool, services.client, settings, meter).run())
    try:
        yield
    finally:
        task.cancel()
