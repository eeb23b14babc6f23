"""Who has applied to a class: a list to filter and to search, with boxes for a decision on many at once."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from schemas.applications.imports import ApplicationRow
from schemas.base import FrozenModel
from schemas.enums import ApplicationStatus, Side, StaffAccess
from services.applications.listing import list_applications, list_kept_apart
from services.applications.review import status_name
from web.form import read_form
from web.staff.console import CLASS, Console, StaffVisit

APPLICATIONS = f"{CLASS}/applications"
KEPT_APART = f"{CLASS}/keep-apart"
NOT_SUBMITTED = "not_submitted"
STATUSES = {str(status): status_name(status) for status in ApplicationStatus} | {NOT_SUBMITTED: "not submitted"}


class ListFilter(FrozenModel):
    """Which applications the list shows; an empty field leaves none out. ``checked`` checks the box of each."""

    side: str = ""
    status: str = ""
    words: str = ""
    checked: bool = False

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "ListFilter":
        """Return the filter of a form or an address; what no list has is left out."""
        side, status = typed.get("side", ""), typed.get("status", "")
        return cls(
            side=side if side in set(Side) else "",
            status=status if status in STATUSES else "",
            words=typed.get("words", "").strip()[:200],
            checked=typed.get("check") == "all",
        )

    def has(self, row: ApplicationRow) -> bool:
        """Tell whether the list shows an application."""
        found = f"{row.name} {row.library} {row.id}".casefold()
        return (
            self.side in {"", row.side}
            and self.status in {"", row.status or NOT_SUBMITTED}
            and all(word in found for word in self.words.casefold().split())
        )


def row_status(row: ApplicationRow) -> str:
    """Return the status of an application in words."""
    waived, first = ", exception made" if row.rules_waived else "", ", goes first" if row.waited else ""
    return f"{STATUSES[row.status or NOT_SUBMITTED]}{waived}{first}"


class ApplicationsPage:
    """Shows the list, and whom people asked not to be matched with."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes; a search is sent, because names have no place in addresses."""
        route, needed = self._console.route, StaffAccess.COORDINATOR
        return [
            route(APPLICATIONS, self.show, name="staff_applications", needed=needed),
            route(APPLICATIONS, self.search, name="staff_applications_sent", needed=needed, method="POST"),
            route(KEPT_APART, self.show_kept_apart, name="staff_keep_apart", needed=needed),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the applications of a side or a status, or all."""
        return await self._show(visit, ListFilter.of(visit.request.query_params))

    async def search(self, visit: StaffVisit) -> Response:
        """Show the applications that a search finds."""
        return await self._show(visit, ListFilter.of(read_form(visit.request, ())))

    async def show_kept_apart(self, visit: StaffVisit) -> Response:
        """Show whom people asked not to be matched with, in their words."""
        kept_apart = await list_kept_apart(visit.services, visit.cohort.id)
        rows = (await list_applications(visit.services, visit.cohort.id)).applications
        wishes = [(row, kept_apart.requests[row.id]) for row in rows if row.id in kept_apart.requests]
        return await self._console.show(visit, "staff_keep_apart.html", wishes=wishes, base=visit.path(APPLICATIONS))

    async def _show(self, visit: StaffVisit, chosen: ListFilter) -> Response:
        listed = await list_applications(visit.services, visit.cohort.id)
        return await self._console.show(
            visit,
            "staff_applications.html",
            listed=listed,
            rows=[(row, row_status(row)) for row in listed.applications if chosen.has(row)],
            chosen=chosen,
            statuses=STATUSES,
            sides=tuple(Side),
            base=visit.path(APPLICATIONS),
            class_path=visit.path(CLASS),
        )
