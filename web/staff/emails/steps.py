"""What staff do with emails that have not left: one of them, or all of a kind."""

from functools import partial

from domain.labels import label
from schemas.enums import EmailKind
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services.queued_emails import (
    EmailStep,
    emails_by_kind,
    preview_campaign_step,
    preview_step,
    take_campaign_step,
    take_step,
)
from services.sent_emails import sent_email
from web.staff.console import StaffVisit
from web.staff.emails.addresses import EMAIL, EMAILS, email_key_of
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

_TITLES = {
    EmailStep.RETRY: ("Send an email now", "Send it now"),
    EmailStep.HOLD: ("Hold an email", "Hold it"),
    EmailStep.RELEASE: ("Release an email", "Release it"),
    EmailStep.DROP: ("Never send an email", "Never send it"),
}
_ALL_TITLES = {
    EmailStep.HOLD: ("Hold all emails of a kind", "Hold them"),
    EmailStep.RELEASE: ("Release all emails of a kind", "Release them"),
}
_DONE = {
    EmailStep.RETRY: "The email leaves now.",
    EmailStep.HOLD: "The email waits until you release it.",
    EmailStep.RELEASE: "The email leaves now.",
    EmailStep.DROP: "The email is never sent.",
}


def email_steps() -> tuple[Step, ...]:
    """Return the steps about emails."""
    return (*map(_of_one, EmailStep), *map(_of_all, _ALL_TITLES))


def _of_one(what: EmailStep) -> Step:
    return step(
        EMAIL,
        what,
        partial(_form, step=what),
        partial(_preview, step=what),
        partial(_take, step=what),
        name=f"email-{what}",
    )


def _of_all(what: EmailStep) -> Step:
    return step(
        EMAILS,
        f"{what}-all",
        partial(_all_form, step=what),
        partial(_preview_all, step=what),
        partial(_take_all, step=what),
        name=f"emails-{what}",
    )


async def _key(visit: StaffVisit) -> str:
    """Return the key of the email of this class; raises Refusal where it is another class's."""
    return (await sent_email(visit.services, visit.cohort.id, email_key_of(visit), reads=False)).email.key


async def _form(visit: StaffVisit, *, step: EmailStep) -> StepForm:
    found = await sent_email(visit.services, visit.cohort.id, email_key_of(visit), reads=False)
    title, submit = _TITLES[step]
    lead = f"{label(found.email.kind).capitalize()}: {found.email.subject or 'not written yet'}"
    return StepForm(title=title, lead=lead, questions=(), submit=submit, note_required=True)


async def _preview(visit: StaffVisit, _: Answers, *, step: EmailStep) -> Preview:
    return (await preview_step(visit.services, await _key(visit), step)).preview or Preview()


async def _take(visit: StaffVisit, _: Answers, note: str | None, *, step: EmailStep) -> str:
    await take_step(visit.services, visit.member.actor, await _key(visit), step, note=note or "")
    return _DONE[step]


async def _all_form(visit: StaffVisit, *, step: EmailStep) -> StepForm:
    counts = await emails_by_kind(visit.services, visit.cohort.id, step)
    if not counts:
        raise Refusal("No email waits to leave." if step is EmailStep.HOLD else "No email is held.")
    title, submit = _ALL_TITLES[step]
    choices = tuple(Choice(value=kind, label=f"{label(kind).capitalize()} ({count})") for kind, count in counts.items())
    return StepForm(
        title=title,
        lead="One yes is for all emails of this kind in this class.",
        questions=(Question(name="kind", kind="choice", label="Which emails?", choices=choices, required=True),),
        submit=submit,
        note_required=True,
    )


async def _preview_all(visit: StaffVisit, answers: Answers, *, step: EmailStep) -> Preview:
    result = await preview_campaign_step(visit.services, visit.cohort.id, EmailKind(answers["kind"]), step)
    return result.preview or Preview()


async def _take_all(visit: StaffVisit, answers: Answers, note: str | None, *, step: EmailStep) -> str:
    kind = EmailKind(answers["kind"])
    done = await take_campaign_step(visit.services, visit.member.actor, visit.cohort.id, kind, step, note=note or "")
    counted = "1 email" if done.emails == 1 else f"{done.emails} emails"
    return f"{counted} “{label(kind)}”: {'held' if step is EmailStep.HOLD else 'released'}."
