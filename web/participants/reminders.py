"""The page that pauses reminders: mail providers POST to it (RFC 8058), people press its button."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emails.links import is_token, token_hash
from services.reminders import ReminderPage, ReminderService
from web.pages import Pages


class ReminderPages:
    """Shows whether reminders are paused, pauses them, and takes that back."""

    def __init__(self, service: ReminderService, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a reminder link."""
        return [
            Route("/u/{token}", self.show, methods=["GET"], name="reminders"),
            Route("/u/{token}", self.pause, methods=["POST"], name="reminders_paused"),
            Route("/u/{token}/resume", self.resume, methods=["POST"], name="reminders_resumed"),
        ]

    async def show(self, request: Request) -> Response:
        """Show what still comes and what does not; scanners open links, so this changes nothing."""
        page = await self._open(request)
        return self._pages.unknown_link() if page is None else self._page(page, request, paused=page.link.paused)

    async def pause(self, request: Request) -> Response:
        """Pause at once and without a redirect, as RFC 8058 wants; any other form only gets the page."""
        page = await self._open(request)
        if page is None:
            return self._pages.unknown_link()
        # Mail providers may send it as multipart/form-data too.
        async with request.form() as form:
            if form.get("List-Unsubscribe") != "One-Click":
                return self._page(page, request, paused=page.link.paused)
        await self._service.pause(_hash(request), page)
        return self._page(page, request, paused=True)

    async def resume(self, request: Request) -> Response:
        """Send reminders again."""
        page = await self._open(request)
        if page is None:
            return self._pages.unknown_link()
        await self._service.resume(_hash(request), page)
        return self._page(page, request, paused=False)

    async def _open(self, request: Request) -> ReminderPage | None:
        return await self._service.open(_hash(request)) if is_token(request.path_params["token"]) else None

    def _page(self, page: ReminderPage, request: Request, *, paused: bool) -> Response:
        return self._pages.page("reminders.html", cohort=page.cohort, paused=paused, token=request.path_params["token"])


def _hash(request: Request) -> bytes:
    return token_hash(request.path_params["token"])
