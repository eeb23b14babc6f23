"""Decisions on applications, one or many at once: accepted, also as an exception, on the waiting list, withdrawn."""

from dataclasses import dataclass

from schemas.applications.imports import ApplicationRow
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services.applications.listing import list_applications
from services.applications.review import Decision, bulk_review, preview_bulk_review
from web.staff.applications.list_page import APPLICATIONS, row_status
from web.staff.console import StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step


@dataclass(frozen=True)
class _Words:
    """What the pages of a decision say."""

    title: str
    lead: str
    submit: str
    done: str
    note_required: bool = True


_WORDS = {
    Decision.ACCEPT: _Words(
        title="Accept applications",
        lead="From the waiting list, or withdrawn by mistake. Each person gets an email.",
        submit="Accept them",
        done="Accepted",
        note_required=False,
    ),
    Decision.WAIVE: _Words(
        title="Make an exception",
        lead="Accept mentors who do not meet a requirement. Each gets an email.",
        submit="Make an exception",
        done="Accepted as an exception",
    ),
    Decision.WAIT: _Words(
        title="Put on the waiting list",
        lead="We match these people only if you accept them later. Each gets an email.",
        submit="Put them on the list",
        done="On the waiting list",
    ),
    Decision.WITHDRAW: _Words(
        title="Withdraw applications",
        lead="We do not match these people. Each gets an email.",
        submit="Withdraw them",
        done="Withdrawn",
    ),
}
_PATHS = {
    Decision.ACCEPT: "accept",
    Decision.WAIVE: "exception",
    Decision.WAIT: "waiting-list",
    Decision.WITHDRAW: "withdraw",
}


def decision_steps() -> tuple[Step, ...]:
    """Return the steps that decide on applications."""
    return tuple(map(_of_decision, Decision))


def _of_decision(decision: Decision) -> Step:
    words = _WORDS[decision]

    async def form(visit: StaffVisit) -> StepForm:
        return StepForm(
            title=words.title,
            lead=words.lead,
            questions=(await _people(visit),),
            submit=words.submit,
            note_required=words.note_required,
        )

    async def preview(visit: StaffVisit, answers: Answers) -> Preview:
        result = await preview_bulk_review(visit.services, visit.cohort.id, _ids(answers), decision)
        return result.preview or Preview()

    async def take(visit: StaffVisit, answers: Answers, note: str | None) -> str:
        actor, cohort = visit.member.actor, visit.cohort.id
        result = await bulk_review(visit.services, actor, cohort, _ids(answers), decision, note=note)
        names = ", ".join(result.names.get(one.person, one.person) for one in result.decided)
        return " ".join([f"{words.done}: {names}.", *result.refusals()])

    return step(APPLICATIONS, _PATHS[decision], form, preview, take, name=decision)


async def _people(visit: StaffVisit) -> Question:
    rows = (await list_applications(visit.services, visit.cohort.id)).applications
    choices = tuple(Choice(value=row.id, label=_label(row)) for row in rows if row.status)
    return Question(name="people", kind="ticks", label="Whose applications?", choices=choices, required=True)


def _label(row: ApplicationRow) -> str:
    return f"{row.name} ({row.side}, {row_status(row)})"


def _ids(answers: Answers) -> list[str]:
    return answers["people"].split(",")
