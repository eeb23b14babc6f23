"""Signing in: an address, an email, a button. The link itself changes nothing, because mail scanners open links."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import read_answers
from emails.links import SIGN_IN_MINUTES, is_token, token_hash
from schemas.forms.staff import SIGN_IN
from schemas.staff import StaffMember
from services.oidc import OidcService
from services.passkeys import PasskeyService
from services.staff_sessions import StaffSessionService
from web.form import Field, answered_fields, read_form, rejected_fields
from web.pages import Pages
from web.staff.access import COOKIE, SIGN_IN_PATH, SignedInOnly, set_session_cookie, staff_route
from web.staff.passkeys import POLICY_WITH_SCRIPT


class SignInPages:
    """Shows the form, the answer that is the same for every address, and the button behind the link."""

    def __init__(self, service: StaffSessionService, passkeys: PasskeyService, oidc: OidcService, pages: Pages) -> None:
        self._service = service
        self._passkeys = passkeys
        self._oidc = oidc
        self._pages = pages
        self._signed_in_only = SignedInOnly(service, pages)

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        sign_out = self._signed_in_only(self.sign_out)
        return [
            staff_route(SIGN_IN_PATH, self.show, method="GET", name="staff_sign_in"),
            staff_route(SIGN_IN_PATH, self.send, method="POST", name="staff_sign_in_asked"),
            staff_route(f"{SIGN_IN_PATH}/sent", self.show_sent, method="GET", name="staff_sign_in_sent"),
            staff_route(f"{SIGN_IN_PATH}/{{token}}", self.show_button, method="GET", name="staff_sign_in_link"),
            staff_route(f"{SIGN_IN_PATH}/{{token}}", self.sign_in, method="POST", name="staff_signed_in"),
            staff_route("/staff/sign-out", sign_out, method="POST", name="staff_sign_out"),
        ]

    async def show(self, _: Request) -> Response:
        """Show the form."""
        return self._form(answered_fields(SIGN_IN.questions, {}))

    async def send(self, request: Request) -> Response:
        """Send a link to the address typed; the response never reveals whether it is known."""
        posted = read_form(request, SIGN_IN.questions)
        reading = read_answers(SIGN_IN.questions, posted)
        if reading.problems:
            return self._form(rejected_fields(SIGN_IN.questions, posted, reading), 422)
        await self._service.request_link(reading.answers["email"])
        return RedirectResponse(f"{SIGN_IN_PATH}/sent", status_code=303)

    async def show_sent(self, _: Request) -> Response:
        """Say what happens now, in the same words whatever the address."""
        return self._pages.notice(
            "Check your email",
            "If this address holds a role today, we just sent it a link to sign in.",
            f"The link works once, for {SIGN_IN_MINUTES} minutes. We send one link in five minutes at most.",
            "No email? Check your spam folder.",
        )

    async def show_button(self, request: Request) -> Response:
        """Show the button that signs in."""
        link = _link(request)
        if link is None or not await self._service.is_open(link):
            return self._dead_link()
        return self._pages.page("staff_sign_in_link.html", token=request.path_params["token"])

    async def sign_in(self, request: Request) -> Response:
        """Begin a session, and lead to the home page."""
        link = _link(request)
        cookie = await self._service.sign_in(link) if link else None
        if cookie is None:
            return self._dead_link()
        response = RedirectResponse("/staff", status_code=303)
        set_session_cookie(response, cookie)
        return response

    async def sign_out(self, request: Request, _: StaffMember) -> Response:
        """End the session, or with ``everywhere`` all sessions of the same person."""
        posted = read_form(request, ())
        await self._service.sign_out(request.cookies[COOKIE], everywhere="everywhere" in posted)
        response = RedirectResponse(SIGN_IN_PATH, status_code=303)
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    def _form(self, fields: Sequence[Field], status: int = 200) -> Response:
        options = self._passkeys.options_to_sign_in() if self._passkeys.are_possible else None
        provider = self._oidc.name if self._oidc.is_on else None
        response = self._pages.page(
            "staff_sign_in.html", status, form=SIGN_IN, fields=fields, options=options, provider=provider
        )
        response.headers["Content-Security-Policy"] = POLICY_WITH_SCRIPT
        return response

    def _dead_link(self) -> Response:
        return self._pages.page("staff_dead_link.html", 404, minutes=SIGN_IN_MINUTES)


def _link(request: Request) -> bytes | None:
    token = request.path_params["token"]
    return token_hash(token) if is_token(token) else None
