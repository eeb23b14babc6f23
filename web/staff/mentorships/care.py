"""What staff do for one of the two or about a concern: call notes, snoozing, emails again, address, reminders."""

from collections.abc import Sequence
from datetime import date

from domain.mentorship.concern_words import short_concerns
from schemas.enums import Side, StaffReason
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services.mentorships.concerns import (
    attend,
    lost_decisions,
    preview_attention,
    preview_resolution,
    resolve_concerns,
)
from services.mentorships.contact import change_contact, preview_contact_change, preview_resend, resend
from services.mentorships.lookup import upgrade
from services.reminders import preview_staff_reminders, set_reminders
from web.staff.console import MENTORSHIP, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

_NOTHING_ELSE = "nothing follows from it; the audit log keeps the note"


def care_steps() -> tuple[Step, ...]:
    """Return the steps of care."""
    return (
        step(MENTORSHIP, "resolve", _resolve_form, _preview_resolve, _resolve),
        step(MENTORSHIP, "attend", _attend_form, _preview_attend, _attend),
        step(MENTORSHIP, "resend", _resend_form, _preview_resend, _resend),
        # Whoever has the address gets the links to everything that somebody answered, also what staff may not read.
        step(MENTORSHIP, "contact", _contact_form, _preview_contact, _contact, signs_in_again=True),
        step(MENTORSHIP, "reminders", _reminders_form, _preview_reminders, _reminders),
        step(MENTORSHIP, "upgrade", _upgrade_form, _preview_upgrade, _upgrade),
    )


def _side(visit: StaffVisit) -> Question:
    choices = tuple(Choice(value=side, label=f"{visit.mentorship.of(side).name} ({side})") for side in Side)
    return Question(name="side", kind="choice", label="Who?", choices=choices, required=True)


def _concerns(concerns: Sequence[StaffReason]) -> str:
    return short_concerns(tuple(concerns)) or "no concern"


async def _resolve_form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Resolve what you dealt with",
        lead="Say in the note what you did. Requests for a call, addresses that bounced, and unknown messages end.",
        questions=(),
        submit="Mark it as resolved",
        note_required=True,
    )


async def _preview_resolve(visit: StaffVisit, _: Answers) -> Preview:
    resolved = await preview_resolution(visit.services, visit.mentorship)
    lost = await lost_decisions(visit.services, visit.mentorship)
    if not resolved and not lost:
        raise Refusal("No concern is open that staff resolve by hand. The others end by themselves.")
    changes = [f"Would be resolved: {_concerns(resolved)}."] if resolved else []
    changes += ["What a restored backup lost would not be made again, and leaves your home page."] if lost else []
    return Preview(changes=tuple(changes), way_back=_NOTHING_ELSE)


async def _resolve(visit: StaffVisit, _: Answers, note: str | None) -> str:
    resolved = await resolve_concerns(visit.services, visit.member.actor, visit.mentorship, note=note or "")
    return f"Resolved: {_concerns(resolved)}." if resolved else "Resolved."


async def _attend_form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Look again later",
        lead="The weekly digest leaves the open concerns out until the day you choose.",
        questions=(Question(name="look_again_on", kind="date", label="Look again on", required=True),),
        submit="Look again then",
        note_hint="What you do about it. The digest says it on that day.",
        note_required=True,
    )


async def _preview_attend(visit: StaffVisit, answers: Answers) -> Preview:
    day = date.fromisoformat(answers["look_again_on"])
    attended = await preview_attention(visit.services, visit.mentorship, look_again_on=day)
    return Preview(
        changes=(f"Would be put off until {day}: {_concerns(attended)}.",), way_back="put them off until another day"
    )


async def _attend(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    day = date.fromisoformat(answers["look_again_on"])
    attended = await attend(visit.services, visit.member.actor, visit.mentorship, note=note or "", look_again_on=day)
    return f"Put off until {day}: {_concerns(attended)}."


async def _resend_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Send emails again",
        lead="What waits for an answer is emailed again, or else the last email.",
        questions=(_side(visit),),
        submit="Send again",
    )


async def _preview_resend(visit: StaffVisit, answers: Answers) -> Preview:
    return (await preview_resend(visit.services, visit.mentorship, Side(answers["side"]))).preview


async def _resend(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    side = Side(answers["side"])
    emails = await resend(visit.services, visit.member.actor, visit.mentorship, side, note=note)
    return f"{'1 email goes' if emails == 1 else f'{emails} emails go'} to {visit.mentorship.of(side).name}."


async def _contact_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Change an address or a name",
        lead="Old links stop working, and new ones are sent to the new address. What you leave open stays as it is.",
        questions=(
            _side(visit),
            Question(name="email", kind="email", label="New email address"),
            Question(name="name", kind="line", label="New name", longest=200),
        ),
        submit="Change it",
    )


async def _preview_contact(visit: StaffVisit, answers: Answers) -> Preview:
    side, email, name = _contact_answers(answers)
    return (await preview_contact_change(visit.services, visit.mentorship, side, email=email, name=name)).preview


async def _contact(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    side, email, name = _contact_answers(answers)
    change = await change_contact(
        visit.services, visit.member.actor, visit.mentorship, side, email=email, name=name, note=note
    )
    return f"Changed: {' and '.join(change.changed) or 'nothing'} of {name or visit.mentorship.of(side).name}."


def _contact_answers(answers: Answers) -> tuple[Side, str | None, str | None]:
    email, name = answers.get("email"), answers.get("name")
    if email is None and name is None:
        raise Refusal("Say what changes: the address, the name, or both.")
    return Side(answers["side"]), email, name


async def _reminders_form(visit: StaffVisit) -> StepForm:
    choices = (Choice(value="pause", label="Stop their reminders"), Choice(value="resume", label="Send them again"))
    return StepForm(
        title="Reminders of one side",
        lead="Without reminders they still get the first email about each step.",
        questions=(_side(visit), Question(name="what", kind="choice", label="What?", choices=choices, required=True)),
        submit="Do it",
    )


async def _preview_reminders(visit: StaffVisit, answers: Answers) -> Preview:
    return preview_staff_reminders(visit.mentorship, Side(answers["side"]), paused=answers["what"] == "pause")


async def _reminders(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    side, paused = Side(answers["side"]), answers["what"] == "pause"
    changed = await set_reminders(visit.services, visit.member.actor, visit.mentorship, side, paused=paused, note=note)
    state = "paused" if paused else "sent"
    return f"Reminders of {visit.mentorship.of(side).name} are {state}{'' if changed else ' already'}."


async def _upgrade_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Use the newest version",
        lead=f"{visit.mentorship.mentorship_id} continues in a new run of its workflow, on the newest version.",
        questions=(),
        submit="Continue on the newest version",
    )


async def _preview_upgrade(visit: StaffVisit, _: Answers) -> Preview:
    sentence = f"{visit.mentorship.mentorship_id} would continue in a new run and make a new plan by its rules."
    return Preview(changes=(sentence,), way_back="nothing is undone; where no rule has changed, no email to come does")


async def _upgrade(visit: StaffVisit, _: Answers, note: str | None) -> str:
    await upgrade(visit.services, visit.member.actor, visit.mentorship, note=note)
    return f"{visit.mentorship.mentorship_id} continues in a new run as soon as a worker runs."
