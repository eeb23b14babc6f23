"""The home page of staff: all classes in which somebody holds a role today."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schemas.staff import StaffMember
from services.staff_sessions import StaffSessionService
from web.pages import Pages
from web.staff.access import SignedInOnly, staff_route


class HomePages:
    """Shows the classes of whoever is signed in."""

    def __init__(self, service: StaffSessionService, pages: Pages) -> None:
        self._service = service
        self._pages = pages
        self._signed_in_only = SignedInOnly(service, pages)

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [staff_route("/staff", self._signed_in_only(self.show), method="GET", name="staff_home")]

    async def show(self, _: Request, member: StaffMember) -> Response:
        """Show the classes, the newest first."""
        classes = await self._service.classes(member)
        return self._pages.page("staff_home.html", member=member, outcome=None, classes=classes)
