"""On which devices somebody is signed in: their own sessions, each of which they can end."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.formatting import DEFAULT_LOCALE, format_moment
from schemas.staff import StaffMember
from services.staff_sessions import StaffSessionService
from web.form import number_of, read_form
from web.pages import Pages
from web.staff.access import COOKIE, SignedInOnly, staff_route

PATH = "/staff/sessions"


class SessionPages:
    """Lists the sessions of whoever is signed in, and ends one of them."""

    def __init__(self, service: StaffSessionService, pages: Pages) -> None:
        self._service = service
        self._pages = pages
        self._signed_in_only = SignedInOnly(service, pages)

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            staff_route(PATH, self._signed_in_only(self.show), method="GET", name="staff_sessions"),
            staff_route(PATH, self._signed_in_only(self.end), method="POST", name="staff_session_ended"),
        ]

    async def show(self, request: Request, member: StaffMember) -> Response:
        """Show when each began and was last in use."""
        sessions = await self._service.open_sessions(member, request.cookies[COOKIE])
        return self._pages.page("staff_sessions.html", member=member, outcome=None, sessions=sessions, moment=in_utc)

    async def end(self, request: Request, member: StaffMember) -> Response:
        """End one, and show those that are left."""
        posted = read_form(request, ())
        await self._service.end_session(member, number_of(posted.get("session", "")))
        return RedirectResponse(PATH, status_code=303)


def in_utc(at: datetime) -> str:
    """Return a moment (aware) on a page that belongs to no class, so to no time zone."""
    return f"{format_moment(at, 'UTC', DEFAULT_LOCALE)} UTC"
