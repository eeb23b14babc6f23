"""What will happen to a class by its settings: every email with its day and how it reads, before anything begins."""

from starlette.responses import Response
from starlette.routing import Route

from domain.cohort.email_calendar import email_calendar
from emails.own_words import WORDED_KINDS
from schemas.enums import StaffAccess
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.emails.wordings import WORDINGS

CALENDAR = f"{CLASS}/calendar"


class CalendarPage:
    """Shows the emails of a class by day."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [self._console.route(CALENDAR, self.show, name="staff_calendar", needed=StaffAccess.COORDINATOR)]

    async def show(self, visit: StaffVisit) -> Response:
        """Show whether the dates leave enough time, then all emails."""
        return await self._console.show(
            visit,
            "staff_calendar.html",
            calendar=email_calendar(visit.cohort),
            now=visit.services.now(visit.cohort.id),
            proposals=visit.cohort.proposals,
            readable=WORDED_KINDS,
            wordings=visit.path(WORDINGS),
        )
