"""The home page of staff: their classes, what needs them now, each with its one step, and what leaves soon."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schemas.staff import StaffMember
from services.staff_home import COMING_DAYS, StaffTask, TaskKind, staff_home_of
from web.staff.access import SignedInOnly, staff_route
from web.staff.console import CLASS, MENTORSHIP, Console

# Where the one step of a task is taken.
TASK_PLACES = {
    TaskKind.CONCERN: MENTORSHIP,
    TaskKind.LOST_DECISION: MENTORSHIP,
    TaskKind.QUESTION: f"{CLASS}/proposals",
    TaskKind.DEAD_EMAILS: f"{CLASS}/emails",
    TaskKind.ATTENDANCE: f"{CLASS}/attendance",
    TaskKind.PUBLISH: f"{CLASS}/matching",
    TaskKind.MATCH: f"{CLASS}/matching",
}


class HomePages:
    """Shows whoever is signed in their classes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        signed_in_only = SignedInOnly(self._console.sessions, self._console.pages)
        return [staff_route("/staff", signed_in_only(self.show), method="GET", name="staff_home")]

    async def show(self, request: Request, member: StaffMember) -> Response:
        """Show the classes, the newest first."""
        home = await staff_home_of(self._console.services, member)
        titles = {one.id: one.title for one in home.classes}
        return self._console.pages.page(
            "staff_home.html",
            member=member,
            outcome=await self._console.outcome(request, member),
            home=home,
            titles=titles,
            tasks=[(task.words, _place(task)) for task in home.tasks],
            days=COMING_DAYS,
        )


def _place(task: StaffTask) -> str:
    return TASK_PLACES[task.kind].format(cohort=task.cohort_id, mentorship=task.mentorship_id)
