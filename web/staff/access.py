"""Who may open a page of staff: whoever has signed in, and holds a role that allows it."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from schemas.staff import StaffMember
from services.staff_sessions import StaffSessionService
from web.form import copyable_answers, read_form
from web.pages import Pages

# The prefix makes browsers refuse the cookie from a subdomain, for another path, or without TLS (RFC 6265bis, 4.1.3).
COOKIE = "__Host-mile-staff"
SIGN_IN_PATH = "/staff/sign-in"

Endpoint = Callable[[Request], Awaitable[Response]]
MemberEndpoint = Callable[[Request, StaffMember], Awaitable[Response]]


def staff_route(path: str, endpoint: Endpoint, *, method: str, name: str) -> Route:
    """Return a route of the staff pages; their forms say where they come from, to their own site only."""

    async def serve(request: Request) -> Response:
        response = await endpoint(request)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return Route(path, serve, methods=[method], name=name)


def set_session_cookie(response: Response, cookie: str) -> None:
    """Let a browser keep a session's cookie."""
    response.set_cookie(COOKIE, cookie, path="/", secure=True, httponly=True, samesite="lax")


class SignedInOnly:
    """Makes endpoints of handlers that get who is signed in; everybody else is led to the page that signs in."""

    def __init__(self, service: StaffSessionService, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    def __call__(self, handler: MemberEndpoint) -> Endpoint:
        """Return the endpoint of a handler."""

        async def endpoint(request: Request) -> Response:
            cookie = request.cookies.get(COOKIE)
            member = await self._service.member(cookie) if cookie else None
            if member is not None:
                return await handler(request, member)
            if request.method == "GET":
                return RedirectResponse(SIGN_IN_PATH, status_code=303)
            return self._signed_out(copyable_answers((), read_form(request, ())))

        return endpoint

    def _signed_out(self, typed: list[tuple[str, str]]) -> Response:
        return self._pages.notice(
            "You are signed out",
            "We did not save what you just sent.",
            "Open the staff pages in another tab and sign in. Then go back here, and send it again.",
            status=403,
            typed=typed,
        )
