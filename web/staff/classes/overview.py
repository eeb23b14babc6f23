"""One class at a glance: its stage and dates in figures, and for those who may see people, its mentorships."""

from starlette.responses import Response
from starlette.routing import Route

from schemas.enums import StaffAccess
from services.cohort_overview import details_of
from web.staff.console import CLASS, Console, StaffVisit


class OverviewPage:
    """Shows a class."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [self._console.route(CLASS, self.show, name="staff_class", needed=StaffAccess.READER)]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the figures, and the people to those who may see them."""
        details = await details_of(visit.services, visit.cohort)
        return await self._console.show(
            visit, "staff_class.html", details=details, sees_people=visit.may(StaffAccess.COORDINATOR)
        )
