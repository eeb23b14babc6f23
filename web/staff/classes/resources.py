"""Links that staff recommend to a class by what a goal is about: listed, added and removed."""

from pydantic import ValidationError
from starlette.responses import Response
from starlette.routing import Route

from schemas.cohort.resources import NewResource
from schemas.enums import StaffAccess
from schemas.errors import Refusal
from schemas.forms.agreement import AREAS
from schemas.forms.questions import Question
from schemas.preview import Preview
from services.resources import (
    add_resource,
    list_resources,
    preview_add_resource,
    preview_remove_resource,
    remove_resource,
)
from web.form import number_of
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

RESOURCES = f"{CLASS}/resources"
_QUESTIONS = (
    Question(
        name="area",
        kind="choice",
        label="Which goals is it for?",
        hint="It is shown beside goals that are about this.",
        choices=AREAS,
        required=True,
    ),
    Question(name="title", kind="line", label="Its name", required=True, longest=200),
    Question(
        name="url",
        kind="line",
        label="Its address",
        hint="With https, such as https://example.org/course.",
        required=True,
        longest=500,
    ),
    Question(name="about", kind="line", label="One sentence: what is it good for?", required=True, longest=200),
)


class ResourcesPage:
    """Shows what people's own pages link to."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        needed = StaffAccess.COORDINATOR
        return [self._console.route(RESOURCES, self.show, name="staff_resources", needed=needed)]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the list."""
        listed = await list_resources(visit.services, visit.cohort.id)
        areas = {str(area.value): area.label for area in AREAS}
        return await self._console.show(
            visit, "staff_resources.html", listed=listed, areas=areas, base=visit.path(RESOURCES)
        )


def resource_steps() -> tuple[Step, ...]:
    """Return the steps that add and remove one."""
    return (
        step(RESOURCES, "add", _add_form, _preview_add, _add, name="resource-add"),
        step(RESOURCES, "{resource}/remove", _remove_form, _preview_remove, _remove, name="resource-remove"),
    )


async def _add_form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Add a link",
        lead="People find it on their own page, beside goals that it is for.",
        questions=_QUESTIONS,
        submit="Add it",
    )


async def _preview_add(visit: StaffVisit, answers: Answers) -> Preview:
    return (await preview_add_resource(visit.services, visit.cohort.id, _resource(answers))).preview or Preview()


async def _add(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    new = _resource(answers)
    await add_resource(visit.services, visit.member.actor, visit.cohort.id, new, note=note)
    return f"{new.title} is on people’s own pages."


def _resource(answers: Answers) -> NewResource:
    try:
        return NewResource.model_validate(dict(answers))
    except ValidationError:
        raise Refusal("This address cannot be used. Write one such as https://example.org/course.") from None


async def _remove_form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Remove a link", lead="People’s own pages don’t show it any more.", questions=(), submit="Remove it"
    )


async def _preview_remove(visit: StaffVisit, _: Answers) -> Preview:
    removing = await preview_remove_resource(visit.services, visit.cohort.id, number_of(visit.params["resource"]))
    return removing.preview or Preview()


async def _remove(visit: StaffVisit, _: Answers, note: str | None) -> str:
    actor, cohort = visit.member.actor, visit.cohort.id
    removed = await remove_resource(visit.services, actor, cohort, number_of(visit.params["resource"]), note=note)
    return f"{removed.resource.title} is removed."
