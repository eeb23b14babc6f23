"""The private calendar address: made and taken back on one's own page, opened by a calendar program."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from schemas.mentorship.my_mentorship import MyMentorship
from services.calendar_feeds import CalendarFeedService, FeedOwner
from services.my_mentorship import MyMentorshipService
from web.links import behind_link
from web.pages import Pages
from web.participants.addresses import own_page

PATH = "/m/{token}/{mentorship_id}/feed"


class CalendarPages:
    """Serves the calendar, and the page on which its owner gets the address or takes it back."""

    def __init__(self, service: MyMentorshipService, feeds: CalendarFeedService, pages: Pages) -> None:
        self._service = service
        self._feeds = feeds
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of the calendar and below somebody's own page; they come before that page's own."""
        read = behind_link(self._feeds.open, self._pages)
        behind = behind_link(self._service.open, self._pages, "mentorship_id")
        return [
            Route("/m/{token}/calendar.ics", read(self.download), methods=["GET"], name="calendar_feed"),
            Route(PATH, behind(self.show), methods=["GET"], name="my_feed"),
            Route(PATH, behind(self.make), methods=["POST"], name="my_feed_made"),
            Route(f"{PATH}/stop", behind(self.stop), methods=["POST"], name="my_feed_stopped"),
        ]

    async def download(self, _: Request, owner: FeedOwner) -> Response:
        """Send the calendar; programs fetch it again and again, and that changes nothing."""
        file = owner.calendar()
        return Response(file.content, media_type=file.media_type)

    async def show(self, request: Request, page: MyMentorship) -> Response:
        """Say what the address is for; scanners open links, so this changes nothing."""
        return self._page(request, page, None)

    async def make(self, request: Request, page: MyMentorship) -> Response:
        """Make an address and show it, this once: only its hash is stored."""
        return self._page(request, page, await self._feeds.make(page))

    async def stop(self, request: Request, page: MyMentorship) -> Response:
        """Take the address back."""
        await self._feeds.revoke(page)
        return RedirectResponse(f"{own_page(request)}?saved=no-calendar", status_code=303)

    def _page(self, request: Request, page: MyMentorship, address: str | None) -> Response:
        return self._pages.page(
            "my_calendar.html",
            cohort=page.cohort,
            back=own_page(request),
            mine=page,
            path=f"{own_page(request)}/feed",
            address=address,
        )
