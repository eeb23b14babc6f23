"""Passkeys: the page on which somebody adds and removes their own, and signing in by one."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import read_answers
from schemas.errors import Refusal
from schemas.forms.questions import Question
from schemas.staff import StaffMember
from services.passkeys import PasskeyService
from web.form import Field, answered_fields, number_of, read_form, rejected_fields
from web.middleware.protection import CONTENT_SECURITY_POLICY
from web.pages import Pages
from web.staff.access import SIGN_IN_PATH, SignedInOnly, set_session_cookie, staff_route
from web.staff.sessions import in_utc

PATH = "/staff/passkeys"
# These pages alone run a script, which is ours.
POLICY_WITH_SCRIPT = CONTENT_SECURITY_POLICY.replace("script-src 'none'", "script-src 'self'")
_NAME = Question(
    name="name", kind="line", label="What do you call it?", hint="Such as “my phone”.", required=True, longest=60
)


class PasskeyPages:
    """Lists somebody's passkeys, adds and removes one, and signs in by one."""

    def __init__(self, service: PasskeyService, pages: Pages) -> None:
        self._service = service
        self._pages = pages
        self._signed_in_only = SignedInOnly(service.sessions, pages)

    @property
    def routes(self) -> list[Route]:
        """Return the routes; they come before the one of emailed links, whose token would be any word."""
        only = self._signed_in_only
        return [
            staff_route(f"{SIGN_IN_PATH}/passkey", self.sign_in, method="POST", name="staff_passkey_sign_in"),
            staff_route(PATH, only(self.show), method="GET", name="staff_passkeys"),
            staff_route(PATH, only(self.add), method="POST", name="staff_passkey_added"),
            staff_route(f"{PATH}/remove", only(self.remove), method="POST", name="staff_passkey_removed"),
        ]

    async def show(self, _: Request, member: StaffMember) -> Response:
        """Show what they have, and the form to add one."""
        return await self._page(member, answered_fields((_NAME,), {})[0])

    async def add(self, request: Request, member: StaffMember) -> Response:
        """Add the passkey that the browser made, and show all."""
        posted = read_form(request, (_NAME,))
        reading = read_answers((_NAME,), posted)
        field = rejected_fields((_NAME,), posted, reading)[0]
        if reading.problems:
            return await self._page(member, field, 422)
        try:
            await self._service.add(member, posted.get("credential", ""), reading.answers["name"])
        except Refusal as refusal:
            return await self._page(member, field, 409, refusal=str(refusal))
        return RedirectResponse(PATH, status_code=303)

    async def remove(self, request: Request, member: StaffMember) -> Response:
        """Remove one, and show those that are left."""
        posted = read_form(request, ())
        await self._service.remove(member, number_of(posted.get("passkey", "")))
        return RedirectResponse(PATH, status_code=303)

    async def sign_in(self, request: Request) -> Response:
        """Begin a session, and lead to the home page."""
        posted = read_form(request, ())
        try:
            cookie = await self._service.sign_in(posted.get("credential", ""))
        except Refusal as refusal:
            return self._pages.notice(
                "You are not signed in",
                str(refusal),
                "Go back, and load the page again before you try.",
                status=403,
            )
        response = RedirectResponse("/staff", status_code=303)
        set_session_cookie(response, cookie)
        return response

    async def _page(self, member: StaffMember, field: Field, status: int = 200, *, refusal: str = "") -> Response:
        response = self._pages.page(
            "staff_passkeys.html",
            status,
            member=member,
            outcome=None,
            passkeys=await self._service.passkeys_of(member),
            options=await self._service.options_to_add(member) if self._service.are_possible else None,
            field=field,
            refusal=refusal,
            moment=in_utc,
        )
        response.headers["Content-Security-Policy"] = POLICY_WITH_SCRIPT
        return response
