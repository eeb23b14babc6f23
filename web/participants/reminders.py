"""The page that pauses reminders: mail providers POST to it (RFC 8058), people press its button."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emails.links import token_hash
from services.reminders import ReminderPage, ReminderService
from web.links import behind_link
from web.pages import Pages


class ReminderPages:
    """Shows whether reminders are paused, pauses them, and takes that back."""

    def __init__(self, service: ReminderService, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a reminder link."""
        behind = behind_link(self._service.open, self._pages)
        return [
            Route("/u/{token}", behind(self.show), methods=["GET"], name="reminders"),
            Route("/u/{token}", behind(self.pause), methods=["POST"], name="reminders_paused"),
            Route("/u/{token}/resume", behind(self.resume), methods=["POST"], name="reminders_resumed"),
        ]

    async def show(self, request: Request, page: ReminderPage) -> Response:
        """Show what still comes and what does not; scanners open links, so this changes nothing."""
        return self._page(page, request, paused=page.link.paused)

    async def pause(self, request: Request, page: ReminderPage) -> Response:
        """Pause at once and without a redirect, as RFC 8058 wants; any other form only gets the page."""
        # Mail providers may send it as multipart/form-data too.
        async with request.form() as form:
            if form.get("List-Unsubscribe") != "One-Click":
                return self._page(page, request, paused=page.link.paused)
        await self._service.pause(_hash(request), page)
        return self._page(page, request, paused=True)

    async def resume(self, request: Request, page: ReminderPage) -> Response:
        """Send reminders again."""
        await self._service.resume(_hash(request), page)
        return self._page(page, request, paused=False)

    def _page(self, page: ReminderPage, request: Request, *, paused: bool) -> Response:
        return self._pages.page("reminders.html", cohort=page.cohort, paused=paused, token=request.path_params["token"])


def _hash(request: Request) -> bytes:
    return token_hash(request.path_params["token"])
