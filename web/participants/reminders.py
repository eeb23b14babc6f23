"""The pages that stop periodic emails: mail providers POST to them (RFC 8058), people press their buttons."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emails.links import ASKS_PAGE, token_hash
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
            Route(f"/u/{{token}}{ASKS_PAGE}", behind(self.show_asks), methods=["GET"], name="asks"),
            Route(f"/u/{{token}}{ASKS_PAGE}", behind(self.stop_asks), methods=["POST"], name="asks_stopped"),
            Route(f"/u/{{token}}{ASKS_PAGE}/undo", behind(self.resume_asks), methods=["POST"], name="asks_resumed"),
        ]

    async def show(self, request: Request, page: ReminderPage) -> Response:
        """Show what still comes and what does not; scanners open links, so this changes nothing."""
        return self._page(page, request, paused=page.paused)

    async def pause(self, request: Request, page: ReminderPage) -> Response:
        """Pause at once and without a redirect, as RFC 8058 wants; any other form only gets the page."""
        if not await _is_one_click(request):
            return self._page(page, request, paused=page.paused)
        await self._service.pause(_hash(request), page)
        return self._page(page, request, paused=True)

    async def resume(self, request: Request, page: ReminderPage) -> Response:
        """Send reminders again."""
        await self._service.resume(_hash(request), page)
        return self._page(page, request, paused=False)

    async def show_asks(self, request: Request, page: ReminderPage) -> Response:
        """Show whether somebody is asked to mentor in later classes; scanners open links, so this changes nothing."""
        return await self._asks_page(page, request)

    async def stop_asks(self, request: Request, page: ReminderPage) -> Response:
        """Ask somebody no more, at once as RFC 8058 wants; any other form only gets the page."""
        if await _is_one_click(request) and await self._service.is_uninvited(page) is not None:
            await self._service.set_invited(page, invited=False)
        return await self._asks_page(page, request)

    async def resume_asks(self, request: Request, page: ReminderPage) -> Response:
        """Ask somebody again."""
        if await self._service.is_uninvited(page) is not None:
            await self._service.set_invited(page, invited=True)
        return await self._asks_page(page, request)

    async def _asks_page(self, page: ReminderPage, request: Request) -> Response:
        stopped = await self._service.is_uninvited(page)
        if stopped is None:
            return self._pages.unknown_link()
        return self._pages.page("asks.html", cohort=page.cohort, stopped=stopped, token=request.path_params["token"])

    def _page(self, page: ReminderPage, request: Request, *, paused: bool) -> Response:
        return self._pages.page("reminders.html", cohort=page.cohort, paused=paused, token=request.path_params["token"])


async def _is_one_click(request: Request) -> bool:
    # Mail providers may send it as multipart/form-data too.
    async with request.form() as form:
        return form.get("List-Unsubscribe") == "One-Click"


def _hash(request: Request) -> bytes:
    return token_hash(request.path_params["token"])
