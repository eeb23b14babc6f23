"""Signing in by an account elsewhere: the way to the provider, and the way back."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from emails.links import is_token
from schemas.errors import Refusal
from services.oidc import CALLBACK, OidcService
from web.pages import Pages
from web.staff.access import COOKIE as SESSION_COOKIE
from web.staff.access import SIGN_IN_PATH, set_session_cookie, staff_route

OIDC_PATH = f"{SIGN_IN_PATH}/oidc"
COOKIE = "__Host-mile-oidc"
# As long as somebody may take to sign in there.
COOKIE_SECONDS = 600


class OidcPages:
    """Leads to the provider and back; without a provider there are no such pages."""

    def __init__(self, service: OidcService, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes; they come before the one of emailed links, whose token would be any word."""
        if not self._service.is_on:
            return []
        return [
            staff_route(OIDC_PATH, self.begin, method="GET", name="staff_oidc"),
            staff_route(CALLBACK, self.sign_in, method="GET", name="staff_oidc_answered"),
        ]

    async def begin(self, request: Request) -> Response:
        """Lead to the provider."""
        try:
            url, cookie = await self._service.begin(request.cookies.get(SESSION_COOKIE))
        except Refusal as refusal:
            return self._refused(refusal)
        response = RedirectResponse(url, status_code=303)
        response.set_cookie(
            COOKIE, cookie, max_age=COOKIE_SECONDS, path="/", secure=True, httponly=True, samesite="lax"
        )
        return response

    async def sign_in(self, request: Request) -> Response:
        """Begin a session, and lead to the home page."""
        cookie = request.cookies.get(COOKIE, "")
        try:
            if not is_token(cookie):
                return self._refused(Refusal("This took too long, or began in another browser."))
            session = await self._service.sign_in(cookie, request.query_params)
        except Refusal as refusal:
            return self._refused(refusal)
        response = RedirectResponse("/staff", status_code=303)
        set_session_cookie(response, session)
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    def _refused(self, refusal: Refusal) -> Response:
        again = f"Your role’s address must be the one of your account. Begin again at {SIGN_IN_PATH}."
        return self._pages.notice("You are not signed in", str(refusal), again, status=403)
