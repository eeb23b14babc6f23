"""Who answers for a class from when to when: the list, giving a role, ending one, and handing over."""

from datetime import date, timedelta
from functools import partial

from pydantic import ValidationError
from starlette.responses import Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.cohort.roles import is_held_on
from domain.labels import label
from schemas.cohort.roles import NewRoleHolder, RoleHolder
from schemas.enums import StaffAccess
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services.roles import (
    RoleList,
    end_role,
    hand_over,
    list_roles,
    preview_end_role,
    preview_hand_over,
    preview_set_role,
    set_role,
)
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

ROLES = f"{CLASS}/roles"
_MEANS = {
    StaffAccess.CHAIR: "Chair: answers questions, and takes every step",
    StaffAccess.COORDINATOR: "Coordinator: takes most steps, and gets copies of the digests",
    StaffAccess.READER: "Reader: sees figures, and no names",
}
_EMAIL = Question(name="email", kind="email", label="Email address", required=True)


class RolePages:
    """Lists who holds, held and will hold a role."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [self._console.route(ROLES, self.show, name="staff_roles", needed=StaffAccess.COORDINATOR)]

    async def show(self, visit: StaffVisit) -> Response:
        """Show who answers today, and all roles."""
        listing = await list_roles(visit.services, visit.cohort.id)
        return await self._console.show(
            visit,
            "staff_roles.html",
            listing=listing,
            state=partial(_state, listing),
            base=visit.path(ROLES),
            gives_roles=visit.may(StaffAccess.CHAIR),
        )


def role_steps() -> tuple[Step, ...]:
    """Return the steps about roles; each gives access or takes it, so each takes a session that has just begun."""
    of_chair = partial(step, ROLES, needed=StaffAccess.CHAIR, signs_in_again=True)
    return (
        of_chair("hand-over", _over_form, _over_preview, _over),
        of_chair("give", _give_form, _give_preview, _give, name="role-give"),
        of_chair("end", _end_form, _end_preview, _end, name="role-end"),
    )


def _state(listing: RoleList, holder: RoleHolder) -> str:
    if holder.id == listing.number:
        return "answers questions"
    if is_held_on(holder, listing.on):
        return "holds it today"
    return "begins later" if holder.starts_on > listing.on else "is over"


def _today(visit: StaffVisit) -> date:
    return local_day(visit.services.now(visit.cohort.id), visit.cohort.time_zone)


async def _over_form(visit: StaffVisit) -> StepForm:
    listing = await list_roles(visit.services, visit.cohort.id)
    return StepForm(
        title="Hand over the chair",
        lead=f"Today questions go to {listing.email}, the {listing.role}. Who takes over is emailed a checklist.",
        questions=(
            _EMAIL.model_copy(update={"label": "Email address of whoever takes over"}),
            Question(name="starts_on", kind="date", label="Their first day", required=True),
        ),
        typed={"starts_on": str(_today(visit) + timedelta(days=1))},
        submit="Hand over",
    )


async def _over_preview(visit: StaffVisit, answers: Answers) -> Preview:
    starts_on = date.fromisoformat(answers["starts_on"])
    result = await preview_hand_over(visit.services, visit.cohort.id, answers["email"], starts_on)
    return result.preview or Preview()


async def _over(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    starts_on = date.fromisoformat(answers["starts_on"])
    done = await hand_over(visit.services, visit.member.actor, visit.cohort.id, answers["email"], starts_on, note=note)
    return " ".join(done.describe())


async def _give_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Give someone a role",
        lead="They sign in with this address, from the first day of the role to the last.",
        questions=(
            _EMAIL,
            Question(
                name="role", kind="line", label="Name of the role", hint="Emails use it.", required=True, longest=100
            ),
            Question(
                name="access",
                kind="choice",
                label="What may they do?",
                choices=tuple(Choice(value=access, label=_MEANS[access]) for access in StaffAccess),
                required=True,
            ),
            Question(name="starts_on", kind="date", label="First day", required=True),
            Question(name="ends_on", kind="date", label="Last day", hint="Leave it empty if there is none yet."),
            Question(name="tells", kind="tick", label="Email them what the role is, with a checklist"),
        ),
        typed={"starts_on": str(_today(visit)), "tells": "yes"},
        submit="Give the role",
    )


def _holder(answers: Answers) -> NewRoleHolder:
    try:
        return NewRoleHolder.model_validate({name: value for name, value in answers.items() if name != "tells"})
    except ValidationError as error:
        where = error.errors()[0]["loc"]
        if not where:
            raise Refusal("The last day is before the first day.") from None
        raise Refusal('The name of the role is one line of at most 100 letters, without @ : , " < >.') from None


async def _give_preview(visit: StaffVisit, answers: Answers) -> Preview:
    tells = "tells" in answers
    result = await preview_set_role(visit.services, visit.cohort.id, _holder(answers), tells=tells)
    return result.preview or Preview()


async def _give(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    tells, new = "tells" in answers, _holder(answers)
    done = await set_role(visit.services, visit.member.actor, visit.cohort.id, new, tells=tells, note=note)
    return " ".join(done.describe())


async def _end_form(visit: StaffVisit) -> StepForm:
    holders = (await list_roles(visit.services, visit.cohort.id)).holders
    open_ones = [one for one in holders if one.ends_on is None or one.ends_on >= _today(visit)]
    if not open_ones:
        raise Refusal("No role is held that could be ended.")
    return StepForm(
        title="End a role",
        lead="A role that has not begun is taken back. Whoever is signed in by it is signed out.",
        questions=(
            Question(
                name="number",
                kind="choice",
                label="Whose role?",
                choices=tuple(
                    Choice(value=str(one.id), label=f"{one.email}: {one.role}, {label(one.access)}")
                    for one in open_ones
                ),
                required=True,
            ),
            Question(name="last_on", kind="date", label="Last day", hint="If you leave it empty, it ended yesterday."),
        ),
        submit="End the role",
    )


def _last_on(answers: Answers) -> date | None:
    return date.fromisoformat(answers["last_on"]) if "last_on" in answers else None


async def _end_preview(visit: StaffVisit, answers: Answers) -> Preview:
    number = int(answers["number"])
    result = await preview_end_role(visit.services, visit.cohort.id, number, _last_on(answers))
    return result.preview or Preview()


async def _end(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    number, actor = int(answers["number"]), visit.member.actor
    done = await end_role(visit.services, actor, visit.cohort.id, number, _last_on(answers), note=note)
    return " ".join(done.describe())
