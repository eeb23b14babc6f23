"""What staff do with a version of an email's words: use it, get it as a test, or go back to the standard."""

from domain.labels import label
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services.email_wordings import (
    preview_standard,
    preview_wording,
    read_wording,
    send_wording_test,
    use_standard,
    use_wording,
)
from web.staff.console import StaffVisit
from web.staff.emails.wordings import VERSION, WORDING, version_of, worded_kind_of
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step


def wording_steps() -> tuple[Step, ...]:
    """Return the steps about the wording of emails."""
    return (
        step(VERSION, "use", _use_form, _preview_use, _use, name="wording-use", back=WORDING),
        step(VERSION, "test", _test_form, _preview_test, _test, name="wording-test"),
        step(WORDING, "standard", _standard_form, _preview_standard, _standard, name="wording-standard"),
    )


async def _use_form(visit: StaffVisit) -> StepForm:
    version = await version_of(visit)
    lead = f"The email “{label(version.kind)}” reads differently from then on, for this class alone."
    return StepForm(title="Use these words", lead=lead, questions=(), submit="Use them")


async def _preview_use(visit: StaffVisit, _: Answers) -> Preview:
    return await preview_wording(visit.services, visit.cohort.id, (await version_of(visit)).id)


async def _use(visit: StaffVisit, _: Answers, note: str | None) -> str:
    version = await version_of(visit)
    await use_wording(visit.services, visit.member.actor, visit.cohort.id, version.id, note=note)
    return f"From now on the email “{label(version.kind)}” has these words."


async def _test_form(visit: StaffVisit) -> StepForm:
    version = await version_of(visit)
    samples = await read_wording(visit.services, visit.cohort.id, version.kind, version.passages)
    choices = tuple(Choice(value=name, label=name.capitalize()) for name in samples)
    which = Question(name="sample", kind="choice", label="Which one?", choices=choices, required=True)
    return StepForm(
        title="Send me a test",
        lead="It is about invented people, and its links lead nowhere.",
        questions=(which,),
        submit="Send me a test",
    )


async def _preview_test(visit: StaffVisit, _: Answers) -> Preview:
    await version_of(visit)
    sentence = f"The email goes to {visit.member.email}, and to nobody else."
    return Preview(changes=(sentence,), way_back="delete the email you get")


async def _test(visit: StaffVisit, answers: Answers, _: str | None) -> str:
    version = await version_of(visit)
    await send_wording_test(visit.services, visit.member.actor, visit.cohort.id, version.id, answers["sample"])
    return f"A test is on its way to {visit.member.email}."


async def _standard_form(visit: StaffVisit) -> StepForm:
    worded = await worded_kind_of(visit)
    lead = f"The email “{label(worded.kind)}” reads as the program words it."
    return StepForm(title="Go back to the standard", lead=lead, questions=(), submit="Go back to the standard")


async def _preview_standard(visit: StaffVisit, _: Answers) -> Preview:
    return await preview_standard(visit.services, visit.cohort.id, visit.params["kind"])


async def _standard(visit: StaffVisit, _: Answers, note: str | None) -> str:
    kind = visit.params["kind"]
    await use_standard(visit.services, visit.member.actor, visit.cohort.id, kind, note=note)
    return f"From now on the email “{label(kind)}” has the standard wording."
