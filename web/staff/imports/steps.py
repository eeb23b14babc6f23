"""The last step of an import: who would be added and changed, and the yes to it."""

from schemas.errors import Refusal
from schemas.forms.questions import Question
from schemas.preview import Preview
from services.applications.imports import import_applications, preview_import
from services.applications.uploads import give_up, kept_uploads, mapping_of, sheets_of
from services.cohort_overview import person_names
from web.staff.applications.list_page import APPLICATIONS
from web.staff.console import StaffVisit
from web.staff.imports.upload_page import IMPORT
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

_SHOWN = 30


def import_steps() -> tuple[Step, ...]:
    """Return the step."""
    return (step(IMPORT, "save", _form, _preview, _take, name="import-save", back=APPLICATIONS),)


async def _form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Import these applications",
        lead="People are added and changed. No one is removed.",
        questions=(Question(name="skip", kind="tick", label="Leave out the rows that cannot be used"),),
        submit="Import them",
    )


async def _preview(visit: StaffVisit, answers: Answers) -> Preview:
    uploads = await kept_uploads(visit.services, visit.member, visit.cohort.id)
    result, comparison = await preview_import(visit.services, visit.cohort.id, await sheets_of(uploads))
    if result.refused and "skip" not in answers:
        rows = sum(map(len, comparison.refused.values()))
        count = "1 row cannot be used" if rows == 1 else f"{rows} rows cannot be used"
        raise Refusal(f"{count}. Correct them first, or check the box to leave them out.")
    preview = result.preview or Preview()
    if not (result.added or result.changed):
        return Preview(changes=(), way_back=preview.way_back)
    names = {application.person.id: application.person.name for application in comparison.added}
    names = await person_names(visit.services, visit.cohort.id) | names
    lists = (("Would be added", result.added), ("Would change", tuple(one.id for one in result.changed)))
    people = (f"{words}: {_some([names.get(one, one) for one in ids])}." for words, ids in lists if ids)
    return preview.model_copy(update={"changes": (*preview.changes, *people, *comparison.namesakes)})


async def _take(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    services, member, cohort = visit.services, visit.member, visit.cohort.id
    uploads = await kept_uploads(services, member, cohort)
    result, _ = await import_applications(
        services,
        member.actor,
        cohort,
        await sheets_of(uploads),
        mapping=mapping_of(uploads),
        skip_bad_rows="skip" in answers,
        note=note,
    )
    if not result.saved:
        raise Refusal("Some rows cannot be used any more. Look at them again.")
    await give_up(services, member, cohort)
    return f"{len(result.added)} added, {len(result.changed)} changed, {len(result.unchanged)} unchanged."


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
