"""Mentees whose intake has gaps: the last reminder, and a note after a call."""

from starlette.responses import Response
from starlette.routing import Route

from schemas.enums import StaffAccess
from schemas.preview import Preview
from services.applications.intake_gaps import list_intake_gaps, note_call, preview_call_note
from web.staff.applications.list_page import APPLICATIONS
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

INTAKE = f"{CLASS}/intake"


class IntakePage:
    """Shows who owes which answers."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [self._console.route(INTAKE, self.show, name="staff_intake", needed=StaffAccess.COORDINATOR)]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the list."""
        gaps = await list_intake_gaps(visit.services, visit.cohort.id)
        return await self._console.show(
            visit, "staff_intake.html", gaps=gaps, base=visit.path(INTAKE), people=visit.path(APPLICATIONS)
        )


def intake_steps() -> tuple[Step, ...]:
    """Return the step that notes a call."""
    return (step(INTAKE, "{person}/call", _form, _preview, _take, name="intake-call"),)


async def _form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Note a call",
        lead="Say in the note what you agreed on. Do not write down their goals: they enter them on their page.",
        questions=(),
        submit="Keep the note",
        note_required=True,
    )


async def _preview(visit: StaffVisit, _: Answers) -> Preview:
    return await preview_call_note(visit.services, visit.cohort.id, visit.params["person"])


async def _take(visit: StaffVisit, _: Answers, note: str | None) -> str:
    actor, cohort, person = visit.member.actor, visit.cohort.id, visit.params["person"]
    name = await note_call(visit.services, actor, cohort, person, note=note or "")
    return f"Your call with {name} is noted."
