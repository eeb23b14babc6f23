"""Noting who was there, and starting the mentorships."""

from collections.abc import Iterable

from schemas.enums import Side
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from schemas.kickoff.guests import Guest
from schemas.preview import Preview
from services.kickoff.attendance import expected_guests, note_attendance, preview_note_attendance
from services.kickoff.starts import preview_start, start
from services.match_review import class_people
from web.staff.console import CLASS, StaffVisit
from web.staff.kickoff.pages import KICKOFF
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

_EVERYONE_ELSE = Question(
    name="others_there", kind="tick", label="Everyone else was there", hint="Leave it open to note the others later."
)


def kickoff_steps() -> tuple[Step, ...]:
    """Return the steps of the kickoff."""
    return (
        step(CLASS, "attendance", _attendance_form, _preview_attendance, _note_attendance, back=KICKOFF),
        step(KICKOFF, "start", _start_form, _preview_start, _start, in_background=True),
    )


async def _attendance_form(visit: StaffVisit) -> StepForm:
    guests = await expected_guests(visit.services, visit.cohort.id)
    if not guests:
        raise Refusal("Nobody has applied yet, so there is nobody to note.")
    return StepForm(
        title="Who was there?",
        lead="Check who was absent on the last day. The mentorship of an absent mentee does not start.",
        questions=(*_absent(guests, Side.MENTEE), *_absent(guests, Side.MENTOR), _EVERYONE_ELSE),
        submit="Note it",
        typed={_name(side): ",".join(_noted_absent(guests, side)) for side in Side},
    )


def _absent(guests: Iterable[Guest], side: Side) -> tuple[Question, ...]:
    people = sorted(
        (guest.person for guest in guests if guest.person.side is side), key=lambda one: one.name.casefold()
    )
    choices = tuple(Choice(value=person.id, label=person.name) for person in people)
    label = f"Which {side}s were absent?"
    return (Question(name=_name(side), kind="ticks", label=label, choices=choices),) if choices else ()


def _name(side: Side) -> str:
    return f"absent_{side}s"


def _noted_absent(guests: Iterable[Guest], side: Side) -> list[str]:
    return [guest.person.id for guest in guests if guest.person.side is side and guest.attended is False]


async def _attended(visit: StaffVisit, answers: Answers) -> dict[str, bool]:
    """Return by id who was there; those about whom nothing is said are left out."""
    absent = {id_ for side in Side for id_ in answers.get(_name(side), "").split(",") if id_}
    guests = await expected_guests(visit.services, visit.cohort.id)
    # Whoever was noted absent and is not checked any more came after all.
    there = {guest.person.id for guest in guests if "others_there" in answers or guest.attended is False} - absent
    if not absent and not there:
        raise Refusal("Check who was absent, or that everyone else was there.")
    return dict.fromkeys(absent, False) | dict.fromkeys(there, True)


async def _preview_attendance(visit: StaffVisit, answers: Answers) -> Preview:
    people = await class_people(visit.services, visit.cohort.id)
    attended = await _attended(visit, answers)
    result = await preview_note_attendance(visit.services, visit.cohort.id, attended, people.name)
    return result.preview or Preview()


async def _note_attendance(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    people = await class_people(visit.services, visit.cohort.id)
    attended = await _attended(visit, answers)
    result = await note_attendance(visit.services, visit.member.actor, visit.cohort.id, attended, note=note)
    return " ".join(result.describe(people.name))


async def _start_form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Start mentorships",
        lead="All mentorships that may start by now and have not.",
        questions=(),
        submit="Start them",
    )


async def _preview_start(visit: StaffVisit, _: Answers) -> Preview:
    people = await class_people(visit.services, visit.cohort.id)
    result = await preview_start(visit.services, visit.cohort.id, people.name)
    preview = result.preview or Preview()
    # Who waits is said, too; but nothing that can be confirmed is done where nobody starts.
    return preview if result.starting else Preview(left_out=result.describe(people.name))


async def _start(visit: StaffVisit, _: Answers, note: str | None) -> str:
    people = await class_people(visit.services, visit.cohort.id)
    result = await start(visit.services, visit.member.actor, visit.cohort.id, note=note)
    return " ".join(result.describe(people.name))
