"""What a rehearsal runs in: a stack of servers that exists only for it, and the pages served in this process."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
from starlette.applications import Starlette
from temporalio.client import Client

from rehearsal.inbox import Inbox
from rehearsal.pages_seen import PagesSeen
from rehearsal.time_skipping import WorkflowClocks
from runtime.clock import RehearsalClock
from runtime.settings import Settings
from schemas.actor import Actor, ActorKind
from services.applicants import ApplicantService
from services.calendar_feeds import CalendarFeedService
from services.context import ServiceContext
from services.invitations import InvitationService
from services.lost_links import LostLinkService
from services.meetings import MeetingService
from services.my_mentorship import MyMentorshipService
from services.opportunity_choices import OpportunityChoiceService
from services.participant_steps import ParticipantStepService
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from storage.database import open_pool
from web.app import create_app

# The actor of staff's use cases, as audit events name it.
STAFF = Actor(kind=ActorKind.STAFF, name="rehearsal")


@dataclass(frozen=True)
class RehearsalContext(ServiceContext):
    """What the use cases of staff work with in a rehearsal, where each mentorship and cohort has its own time."""

    clock: RehearsalClock

    def now(self, cohort_id: str) -> datetime:
        """Return the simulated time of a cohort."""
        return self.clock.now(cohort_id)

    def clock_offset(self, cohort_id: str) -> timedelta:
        """Return what a cohort's simulated time is ahead of the real one."""
        return self.clock.now(cohort_id) - datetime.now(UTC)


@dataclass(frozen=True)
class Environment:
    """The servers, pages, mailbox and clocks of a rehearsal."""

    settings: Settings
    client: Client
    pool: asyncpg.Pool
    http: httpx.AsyncClient
    app: Starlette
    clock: RehearsalClock
    inbox: Inbox
    workflow_clocks: WorkflowClocks
    pages_seen: PagesSeen = field(default_factory=PagesSeen)

    @property
    def services(self) -> ServiceContext:
        """Return what the use cases of staff work with."""
        return RehearsalContext(self.settings, self.pool, self.client, self.clock)


@contextlib.asynccontextmanager
async def open_environment(settings: Settings, client: Client, inbox: Inbox) -> AsyncIterator[Environment]:
    """Open the environment of a rehearsal on a running stack; the stack's mailbox fills ``inbox``.

    At the end the simulated time is written to the stack's clock file, so that pages served later show it too.
    """
    clock = RehearsalClock()
    async with open_pool(settings.database_url.get_secret_value()) as pool:
        services, mine = RehearsalContext(settings, pool, client, clock), MyMentorshipService(pool, clock)
        app = create_app(
            ResponseService(pool, client, clock),
            applicants=ApplicantService(pool, clock),
            invitations=InvitationService(pool, client, clock),
            opportunities=OpportunityChoiceService(pool, clock),
            my_mentorship=mine,
            participant_steps=ParticipantStepService(services, clock),
            meetings=MeetingService(services),
            calendar_feeds=CalendarFeedService(services, mine, clock),
            lost_links=LostLinkService(pool, clock),
            staff=StaffSessionService(pool),
            services=services,
        )
        # The pages run in this process: they share the simulated clock, and no port is needed.
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url, follow_redirects=True) as http:
            yield Environment(settings, client, pool, http, app, clock, inbox, WorkflowClocks(client))
    if settings.clock_file:
        clock.write(settings.clock_file)
