"""The pages as one application: what is served where, and what guards it."""

import os
from os import PathLike
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ExceptionHandler, Scope

from schemas.cohort.settings import Program, ProgramContact
from schemas.errors import Refusal
from web.admissions import Admissions
from web.applicants.application import applying_routes
from web.applicants.kickoff import KickoffPages
from web.applicants.proposal import ProposalPages
from web.desk import Desk
from web.invitations import Invitations
from web.mailbox_pages import MailboxPages
from web.middleware.access_log import AccessLogMiddleware
from web.middleware.error_handling import ErrorHandlingMiddleware
from web.middleware.protection import BodySizeLimitMiddleware, PrivateHeadersMiddleware, SameOriginMiddleware
from web.middleware.rate_limit import RateLimitMiddleware, RateLimits
from web.pages import STATIC, Pages
from web.participants.responses import ResponsePages


def create_app(
    desk: Desk,
    *,
    admissions: Admissions | None = None,
    invitations: Invitations | None = None,
    mailbox: Path | None = None,
    program: Program | None = None,
    contact: ProgramContact | None = None,
    limits: RateLimits | None = None,
) -> Starlette:
    """Create the participants' pages.

    ``admissions`` keeps what people apply with, ``invitations`` what they answer to matches and to the kickoff; pages
    without their office are not served. ``mailbox`` is the Maildir folder of the local stack, shown under /mailbox.
    ``program`` and ``contact`` stand on the pages that belong to no cohort; without a contact they say to reply to
    the email. Without ``limits`` everybody may ask as fast as they like.
    """
    pages = Pages(program or Program(), contact)
    app = Starlette(
        routes=[
            *_routes(desk, pages, mailbox),
            *(applying_routes(admissions, pages) if admissions else ()),
            *_invitation_routes(invitations, pages),
        ],
        middleware=[
            Middleware(AccessLogMiddleware),
            Middleware(PrivateHeadersMiddleware),
            Middleware(ErrorHandlingMiddleware, pages),
            *([Middleware(RateLimitMiddleware, pages, limits)] if limits else []),
            Middleware(SameOriginMiddleware, pages),
            Middleware(BodySizeLimitMiddleware, pages),
        ],
        exception_handlers=_problem_pages(pages),
    )
    # A redirect would repeat the link in a header, with whatever host and scheme the request claims.
    app.router.redirect_slashes = False
    return app


class _Stylesheets(StaticFiles):
    """Files whose address changes when they do, so browsers may keep them."""

    def file_response(
        self, full_path: PathLike[str] | str, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file, to be kept for a year."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _routes(desk: Desk, pages: Pages, mailbox: Path | None) -> list[BaseRoute]:
    async def home(_: Request) -> Response:
        return pages.page("home.html", mailbox=mailbox is not None)

    async def health(_: Request) -> Response:
        checks = await desk.healthy()
        well = all(checks.values())
        return JSONResponse({"healthy": well, "checks": checks}, status_code=200 if well else 503)

    return [
        Route("/", home, methods=["GET"], name="home"),
        Route("/health", health, methods=["GET"], name="health"),
        Mount("/static", _Stylesheets(directory=STATIC), name="static"),
        *ResponsePages(desk, pages).routes,
        *(MailboxPages(mailbox, pages).routes if mailbox else []),
    ]


def _invitation_routes(invitations: Invitations | None, pages: Pages) -> list[Route]:
    if invitations is None:
        return []
    return [*ProposalPages(invitations, pages).routes, *KickoffPages(invitations, pages).routes]


def _problem_pages(pages: Pages) -> dict[type[Exception], ExceptionHandler]:
    def not_served(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            return pages.nothing_here()
        return pages.notice("This cannot be done here", "Please use a link from an email.", status=status)

    def refused(_: Request, error: Exception) -> Response:
        return pages.notice("This could not be saved", str(error), status=409)

    return {HTTPException: not_served, Refusal: refused}
