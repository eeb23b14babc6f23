"""The pages as one application: its routes, its middleware, and what it answers when something is refused."""

import os
from os import PathLike
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ExceptionHandler, Scope
from temporalio.common import MetricMeter

from domain.languages import gettext
from emails.guidance import guidance, names
from schemas.cohort.settings import Program, ProgramContact
from schemas.errors import Refusal
from services.applicants import ApplicantService
from services.calendar_feeds import CalendarFeedService
from services.context import ServiceContext
from services.invitations import InvitationService
from services.lost_links import LostLinkService
from services.meetings import MeetingService
from services.my_mentorship import MyMentorshipService
from services.opportunity_choices import OpportunityChoiceService
from services.participant_steps import ParticipantStepService
from services.reminders import ReminderService
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from services.topic_choices import TopicChoiceService
from web.applicants.application import applicant_routes
from web.applicants.front_page import FrontPages
from web.applicants.proposal import ProposalPages
from web.applicants.rsvp import RsvpPages
from web.health import health_routes
from web.mailbox_pages import MailboxPages
from web.middleware.access_log import AccessLogMiddleware
from web.middleware.error_handling import ErrorHandlingMiddleware
from web.middleware.language import LanguageMiddleware
from web.middleware.protection import BodySizeLimitMiddleware, PrivateHeadersMiddleware, SameOriginMiddleware
from web.middleware.rate_limit import RateLimitMiddleware, RateLimits
from web.pages import STATIC, Pages
from web.participants.address_change import AddressChangePages
from web.participants.calendar import CalendarPages
from web.participants.leaving import LeavingPages
from web.participants.lost_links import LostLinkPages
from web.participants.meetings import MeetingPages
from web.participants.my_mentorship import MyMentorshipPages
from web.participants.opportunities import OpportunityPages
from web.participants.own_steps import OwnStepPages
from web.participants.readiness import ReadinessPages
from web.participants.reminders import ReminderPages
from web.participants.responses import ResponsePages
from web.participants.topics import TopicPages
from web.staff.routes import staff_routes


def create_app(
    responses: ResponseService,
    *,
    applicants: ApplicantService | None = None,
    invitations: InvitationService | None = None,
    reminders: ReminderService | None = None,
    lost_links: LostLinkService | None = None,
    opportunities: OpportunityChoiceService | None = None,
    topics: TopicChoiceService | None = None,
    my_mentorship: MyMentorshipService | None = None,
    participant_steps: ParticipantStepService | None = None,
    meetings: MeetingService | None = None,
    calendar_feeds: CalendarFeedService | None = None,
    staff: StaffSessionService | None = None,
    services: ServiceContext | None = None,
    mailbox: Path | None = None,
    program: Program | None = None,
    contact: ProgramContact | None = None,
    limits: RateLimits | None = None,
    meter: MetricMeter = MetricMeter.noop,
) -> Starlette:
    """Create the pages of applicants, participants and staff.

    Pages whose service is not given are not served. ``mailbox`` is the Maildir folder of the local stack, shown under
    /mailbox. ``program`` and ``contact`` appear on pages that belong to no cohort; without a contact they say to reply
    to the email. Without ``limits`` no request is refused for its rate. ``meter`` gets the numbers of pages served.
    """
    program = program or Program()
    pages = Pages(program, contact)
    routes: list[BaseRoute] = [
        *FrontPages(applicants, pages, program=program, mailbox=mailbox is not None).routes,
        *_common_routes(responses, pages, mailbox),
        *ResponsePages(responses, pages, my_mentorship).routes,
    ]
    if applicants:
        routes += applicant_routes(applicants, pages)
    if invitations:
        routes += [*ProposalPages(invitations, pages).routes, *RsvpPages(invitations, pages).routes]
    if reminders:
        routes += ReminderPages(reminders, pages).routes
    if opportunities:
        routes += OpportunityPages(opportunities, pages).routes
    if topics:
        routes += TopicPages(topics, pages).routes
    if my_mentorship:
        routes += _own_page_routes(my_mentorship, pages, participant_steps, meetings, calendar_feeds)
    if lost_links:
        routes += LostLinkPages(lost_links, pages).routes
    if staff and services:
        routes += staff_routes(services, staff, pages)
    app = Starlette(
        routes=routes,
        middleware=[
            # The first is the outermost: the access log times everything, and pages of refusals and errors get the
            # private headers too. A body is read last, once the rate limit and the origin check have let it pass.
            Middleware(AccessLogMiddleware, meter),
            Middleware(LanguageMiddleware),
            Middleware(PrivateHeadersMiddleware),
            Middleware(ErrorHandlingMiddleware, pages),
            *([Middleware(RateLimitMiddleware, pages, limits)] if limits else []),
            Middleware(SameOriginMiddleware, pages),
            Middleware(BodySizeLimitMiddleware, pages),
        ],
        exception_handlers=_exception_handlers(pages),
    )
    # A redirect would repeat the link in a header, with whatever host and scheme the request claims.
    app.router.redirect_slashes = False
    return app


class _CachedFiles(StaticFiles):
    """Static files whose address changes with their content, so that browsers may cache them for a year."""

    def file_response(
        self, full_path: PathLike[str] | str, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file with a cache lifetime of one year and no revalidation."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _common_routes(responses: ResponseService, pages: Pages, mailbox: Path | None) -> list[BaseRoute]:
    async def show_guidance_sources(_: Request) -> Response:
        texts = [guidance(name) for name in names()]
        return pages.page(
            "guidance.html",
            texts=[text.reference for text in texts],
            works=list(dict.fromkeys(work for text in texts for work in text.works)),
        )

    return [
        Route("/guidance", show_guidance_sources, methods=["GET"], name="guidance"),
        # Without Temporal pages take responses all the same.
        *health_routes(responses.check_servers, optional=frozenset({"temporal"})),
        Mount("/static", _CachedFiles(directory=STATIC), name="static"),
        *(MailboxPages(mailbox, pages).routes if mailbox else []),
    ]


def _own_page_routes(
    mine: MyMentorshipService,
    pages: Pages,
    steps: ParticipantStepService | None,
    meetings: MeetingService | None,
    feeds: CalendarFeedService | None,
) -> list[BaseRoute]:
    return [
        # Before the own page, whose path would take the name of the calendar for a mentorship.
        *(CalendarPages(mine, feeds, pages).routes if feeds else []),
        *MyMentorshipPages(mine, pages).routes,
        *(OwnStepPages(mine, steps, pages).routes if steps else []),
        *(ReadinessPages(mine, steps, pages).routes if steps else []),
        *(AddressChangePages(steps.addresses, pages).routes if steps else []),
        *(LeavingPages(mine, steps, pages).routes if steps else []),
        *(MeetingPages(mine, meetings, pages).routes if meetings else []),
    ]


def _exception_handlers(pages: Pages) -> dict[type[Exception], ExceptionHandler]:
    def show_not_served(_: Request, error: Exception) -> Response:
        # Starlette raises HTTPException for routing: 404 for a path without a route, 405 for another method.
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            return pages.not_found()
        return pages.notice(
            gettext("We can’t do this here"), gettext("Please use a link from one of our emails."), status=status
        )

    def show_refusal(_: Request, error: Exception) -> Response:
        return pages.notice(gettext("We could not save this"), str(error), status=409)

    return {HTTPException: show_not_served, Refusal: show_refusal}
