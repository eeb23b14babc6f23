"""Opportunities that staff recommend to a class: listed, added and removed."""

from datetime import date
from typing import get_args

from pydantic import ValidationError
from starlette.responses import Response
from starlette.routing import Route

from domain.labels import label
from schemas.cohort.opportunities import NewOpportunity, OpportunityArea
from schemas.enums import OpportunityKind, StaffAccess
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services.opportunities import add, list_opportunities, preview_add, preview_remove, remove
from web.form import number_of
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

OPPORTUNITIES = f"{CLASS}/opportunities"
AREAS: dict[OpportunityArea, str] = {
    "involvement": "An opening in the association",
    "chance": "Another chance: a course, a talk, a scholarship",
}
_QUESTIONS = (
    Question(
        name="area",
        kind="choice",
        label="What is it?",
        choices=tuple(Choice(value=area, label=AREAS[area]) for area in get_args(OpportunityArea)),
        required=True,
    ),
    Question(
        name="kind",
        kind="choice",
        label="Which kind?",
        hint="Emails list it to those who want this kind.",
        choices=tuple(Choice(value=kind, label=label(kind).capitalize()) for kind in OpportunityKind),
        required=True,
    ),
    Question(name="title", kind="line", label="What it is, in one line", required=True, longest=200),
    Question(
        name="url", kind="line", label="Where to read more", hint="Such as https://example.org/course.", longest=500
    ),
    Question(name="closes_on", kind="date", label="The last day to show it", required=True),
)


class OpportunitiesPage:
    """Shows what emails and pages recommend, past ones too."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        needed = StaffAccess.COORDINATOR
        return [self._console.route(OPPORTUNITIES, self.show, name="staff_opportunities", needed=needed)]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the list."""
        listed = await list_opportunities(visit.services, visit.cohort.id)
        return await self._console.show(
            visit, "staff_opportunities.html", listed=listed, areas=AREAS, base=visit.path(OPPORTUNITIES)
        )


def opportunity_steps() -> tuple[Step, ...]:
    """Return the steps that add and remove one."""
    return (
        step(OPPORTUNITIES, "add", _add_form, _preview_add, _add, name="opportunity-add"),
        step(OPPORTUNITIES, "{number}/remove", _remove_form, _preview_remove, _remove, name="opportunity-remove"),
    )


async def _add_form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Add an opportunity",
        lead="Check-in emails show it through its last day.",
        questions=_QUESTIONS,
        typed={"kind": OpportunityKind.OTHER},
        submit="Add it",
    )


async def _preview_add(visit: StaffVisit, answers: Answers) -> Preview:
    return (await preview_add(visit.services, visit.cohort.id, _opportunity(answers))).preview or Preview()


async def _add(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    new = _opportunity(answers)
    await add(visit.services, visit.member.actor, visit.cohort.id, new, note=note)
    return f"{new.title} is shown until {new.closes_on}."


def _opportunity(answers: Answers) -> NewOpportunity:
    try:
        return NewOpportunity.model_validate(dict(answers) | {"closes_on": date.fromisoformat(answers["closes_on"])})
    except ValidationError:
        raise Refusal("This address cannot be used. Write one such as https://example.org/course.") from None


async def _remove_form(_: StaffVisit) -> StepForm:
    return StepForm(title="Remove an opportunity", lead="Later emails don’t show it.", questions=(), submit="Remove it")


async def _preview_remove(visit: StaffVisit, _: Answers) -> Preview:
    removing = await preview_remove(visit.services, visit.cohort.id, number_of(visit.params["number"]))
    return removing.preview or Preview()


async def _remove(visit: StaffVisit, _: Answers, note: str | None) -> str:
    actor, cohort = visit.member.actor, visit.cohort.id
    removed = await remove(visit.services, actor, cohort, number_of(visit.params["number"]), note=note)
    return f"{removed.opportunity.title} is removed."
