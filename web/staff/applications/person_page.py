"""One application: what somebody answered, what speaks against it, and what was decided about it."""

from starlette.responses import Response
from starlette.routing import Route

from schemas.enums import StaffAccess
from services.applications.details import view_application
from services.applications.review import status_name
from web.form import answered_fields
from web.staff.applications.list_page import APPLICATIONS
from web.staff.console import CLASS, Console, StaffVisit

PERSON = f"{APPLICATIONS}/{{person}}"


class PersonPage:
    """Shows one application."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [self._console.route(PERSON, self.show, name="staff_application", needed=StaffAccess.COORDINATOR)]

    async def show(self, visit: StaffVisit) -> Response:
        """Show it with the answers that staff may read; the audit log has each look."""
        actor, person = visit.member.actor, visit.params["person"]
        details = await view_application(visit.services, actor, visit.cohort.id, person)
        status = details.applicant.status
        return await self._console.show(
            visit,
            "staff_application.html",
            details=details,
            applicant=details.applicant,
            status_words=status_name(status) if status else "not submitted",
            sections=[
                (
                    page.title,
                    answered_fields([one for one in page.questions if one.name in details.answers], details.answers),
                )
                for page in details.pages
            ],
            base=visit.path(APPLICATIONS),
            class_path=visit.path(CLASS),
        )
