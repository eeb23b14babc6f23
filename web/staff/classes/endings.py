"""A class that no one should hear of any more, or that no one has heard of: archived or deleted by its chair."""

from functools import partial

from schemas.enums import StaffAccess
from schemas.preview import Preview
from services.cohort_endings import archive, delete, preview_archive, preview_delete
from web.staff.console import CLASS, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step


def ending_steps() -> tuple[Step, ...]:
    """Return the steps."""
    last = partial(step, CLASS, back="/staff", needed=StaffAccess.CHAIR, signs_in_again=True)
    return (
        last("archive", _archive_form, _preview_archive, _archive),
        last("delete", _delete_form, _preview_delete, _delete),
    )


async def _archive_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Archive this class",
        lead=f"No one gets another email about {visit.cohort.title}. Its data stay, but for meals and access needs.",
        questions=(),
        submit="Archive it",
        note_required=True,
    )


async def _preview_archive(visit: StaffVisit, _: Answers) -> Preview:
    return (await preview_archive(visit.services, visit.cohort.id)).preview or Preview()


async def _archive(visit: StaffVisit, _: Answers, note: str | None) -> str:
    await archive(visit.services, visit.member.actor, visit.cohort.id, note=note)
    return f"{visit.cohort.title} is archived."


async def _delete_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Delete this class",
        lead=f"All that is stored of {visit.cohort.title} goes, if no one but staff got an email about it.",
        questions=(),
        submit="Delete it",
        note_required=True,
    )


async def _preview_delete(visit: StaffVisit, _: Answers) -> Preview:
    return (await preview_delete(visit.services, visit.cohort.id)).preview or Preview()


async def _delete(visit: StaffVisit, _: Answers, note: str | None) -> str:
    await delete(visit.services, visit.member.actor, visit.cohort.id, note=note)
    return f"{visit.cohort.title} is deleted."
