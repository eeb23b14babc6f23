"""Whom a class asks to mentor: the list, who is left out of it, and addresses that get links again."""

from starlette.responses import Response
from starlette.routing import Route

from schemas.enums import StaffAccess
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services.applications.past_mentors import list_prospects, list_uninvited, preview_uninvite, uninvite
from services.applications.stopped_emails import allow, preview_allow
from web.staff.applications.list_page import APPLICATIONS
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

PROSPECTS = f"{CLASS}/prospects"


class ProspectsPage:
    """Shows who of earlier classes is asked to mentor in this one."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [self._console.route(PROSPECTS, self.show, name="staff_prospects", needed=StaffAccess.COORDINATOR)]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the list."""
        listed = await list_prospects(visit.services, visit.cohort.id)
        return await self._console.show(
            visit, "staff_prospects.html", prospects=listed.prospects, base=visit.path(PROSPECTS)
        )


def invitation_steps() -> tuple[Step, ...]:
    """Return the steps about invitations and addresses."""
    return (
        _uninvite(undo=False),
        _uninvite(undo=True),
        step(CLASS, "allow", _allow_form, _preview_allow, _allow, back=APPLICATIONS),
    )


def _uninvite(*, undo: bool) -> Step:
    async def form(visit: StaffVisit) -> StepForm:
        return await (_invite_form(visit) if undo else _uninvite_form(visit))

    async def preview(visit: StaffVisit, answers: Answers) -> Preview:
        previews = [
            (await preview_uninvite(visit.services, cohort, person, undo=undo)).preview or Preview()
            for cohort, person in _chosen(answers)
        ]
        changes = tuple(change for one in previews for change in one.changes)
        return Preview(changes=changes, way_back=previews[0].way_back)

    async def take(visit: StaffVisit, answers: Answers, note: str | None) -> str:
        actor = visit.member.actor
        results = [
            await uninvite(visit.services, actor, cohort, person, note=note or "", undo=undo)
            for cohort, person in _chosen(answers)
        ]
        return " ".join(result.describe() for result in results)

    part, name = ("invite", "invite-again") if undo else ("leave-out", "uninvite")
    return step(PROSPECTS, part, form, preview, take, name=name)


async def _uninvite_form(visit: StaffVisit) -> StepForm:
    prospects = (await list_prospects(visit.services, visit.cohort.id)).prospects
    if not prospects:
        raise Refusal("No one of an earlier class is asked to be a mentor here.")
    choices = tuple(
        Choice(value=f"{one.cohort_id}/{one.person_id}", label=f"{one.name} ({one.side} of {one.cohort_id})")
        for one in prospects
    )
    return StepForm(
        title="Invite someone no more",
        lead="No later class asks them to mentor, unless you take it back.",
        questions=(Question(name="people", kind="ticks", label="Who?", choices=choices, required=True),),
        submit="Leave them out",
        note_required=True,
    )


async def _invite_form(visit: StaffVisit) -> StepForm:
    people = await list_uninvited(visit.services, visit.cohort.id)
    if not people:
        raise Refusal("No one of this class is left out of invitations.")
    choices = tuple(Choice(value=f"{visit.cohort.id}/{person}", label=name) for person, name in people.items())
    return StepForm(
        title="Invite people of this class again",
        lead="They asked not to be invited to mentor in later classes. Now they want to hear from us again.",
        questions=(Question(name="people", kind="ticks", label="Who?", choices=choices, required=True),),
        submit="Invite them again",
        note_required=True,
    )


def _chosen(answers: Answers) -> list[tuple[str, str]]:
    pairs = (one.partition("/") for one in answers["people"].split(","))
    return [(cohort, person) for cohort, _, person in pairs]


async def _allow_form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Email an address again",
        lead="Its owner had stopped emails from the public pages, and asks for them again.",
        questions=(Question(name="address", kind="email", label="The address", required=True),),
        submit="Email it again",
        note_required=True,
    )


async def _preview_allow(visit: StaffVisit, answers: Answers) -> Preview:
    return (await preview_allow(visit.services, visit.cohort.id, answers["address"])).preview or Preview()


async def _allow(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    actor, cohort = visit.member.actor, visit.cohort.id
    return (await allow(visit.services, actor, cohort, answers["address"], note=note or "")).describe()
