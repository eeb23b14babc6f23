"""Changes of the settings of a class: one step for each group, one for the whole file, and one for the next class."""

from datetime import date, timedelta

from domain.cohort.settings_questions import changed_tables, settings_tables, typed_settings
from domain.cohort.settings_writing import write_settings
from schemas.base import FrozenModel
from schemas.cohort.folder import CohortFolder
from schemas.cohort.settings import CohortSettings
from schemas.enums import StaffAccess
from schemas.forms.cohort_settings import SETTINGS_PAGES, SettingsPage
from schemas.forms.questions import Question
from schemas.preview import Preview
from services.cohorts import create, preview_create
from web.staff.console import StaffVisit
from web.staff.settings.changes import checked, preview_settings, read_file, save_settings
from web.staff.settings.pages import FILE_QUESTION, SETTINGS
from web.staff.step_form import StepForm
from web.staff.steps import Answers, MakeForm, MakePreview, Step, TakeStep, step


def settings_steps() -> tuple[Step, ...]:
    """Return the steps."""
    return (
        *map(_page_step, SETTINGS_PAGES),
        _of_chair("file", _file_form, _preview_file, _save_file),
        _of_chair("next-class", _next_form, _preview_next, _create_next, back="/staff"),
    )


def _of_chair(part: str, form: MakeForm, preview: MakePreview, take: TakeStep, back: str = SETTINGS) -> Step:
    return step(SETTINGS, part, form, preview, take, name=f"settings-{part}", back=back, needed=StaffAccess.CHAIR)


def _page_step(page: SettingsPage) -> Step:
    async def form(visit: StaffVisit) -> StepForm:
        return StepForm(
            title=page.title,
            lead=page.lead,
            questions=page.questions,
            typed=typed_settings(visit.cohort, page),
            submit="Save",
        )

    async def preview(visit: StaffVisit, answers: Answers) -> Preview:
        return await preview_settings(visit, checked(changed_tables(visit.cohort, page, answers)))

    async def take(visit: StaffVisit, answers: Answers, note: str | None) -> str:
        return await save_settings(visit, checked(changed_tables(visit.cohort, page, answers)), note)

    return _of_chair(page.slug, form, preview, take)


async def _file_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="All settings as a file",
        lead="You can also download this file, change it on your computer, and upload it again.",
        questions=(FILE_QUESTION,),
        typed={"file": write_settings(visit.cohort).decode()},
        submit="Save",
    )


async def _preview_file(visit: StaffVisit, answers: Answers) -> Preview:
    return await preview_settings(visit, read_file(answers["file"].encode()))


async def _save_file(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    return await save_settings(visit, read_file(answers["file"].encode()), note)


class _Moved(FrozenModel):
    """The days of a class, moved by whole weeks so that weekdays stay."""

    by: timedelta

    def day(self, day: date | None) -> date | None:
        """Return a day of the last class in the next one."""
        return day + self.by if day else None


async def _next_form(visit: StaffVisit) -> StepForm:
    year = _Moved(by=timedelta(weeks=52))
    window, institute = visit.cohort.applications, visit.cohort.institute
    typed = {
        "last_day": year.day(institute.last_day),
        "first_day": year.day(institute.first_day),
        "opens_on": year.day(window.opens_on) if window else None,
        "closes_on": year.day(window.closes_on) if window else None,
    }
    return StepForm(
        title="Begin the next class",
        lead=f"It takes over the settings and the staff of {visit.cohort.title}. You can change all of it afterwards.",
        questions=(
            Question(
                name="id",
                kind="line",
                label="Id of the new class",
                hint="Small letters, digits and -, such as mile-2021. It never changes.",
                required=True,
                longest=40,
            ),
            Question(name="title", kind="line", label="Name of the class", required=True, longest=200),
            Question(
                name="first_day", kind="date", label="First day of the institute", hint="Left empty, it is the last."
            ),
            Question(name="last_day", kind="date", label="Last day of the institute", required=True),
            Question(name="opens_on", kind="date", label="First day to apply", required=window is not None),
            Question(name="closes_on", kind="date", label="Last day to apply", required=window is not None),
        ),
        typed={name: str(day) for name, day in typed.items() if day},
        submit="Begin this class",
    )


async def _preview_next(visit: StaffVisit, answers: Answers) -> Preview:
    new = _folder(next_class(visit.cohort, answers))
    created = await preview_create(visit.services, new, staff_of=visit.cohort.id)
    preview = created.preview or Preview()
    roles = f"Whoever has a role in {visit.cohort.title} today would have it in the new class, too."
    return preview.model_copy(update={"changes": (*preview.changes, roles)})


async def _create_next(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    new = next_class(visit.cohort, answers)
    await create(visit.services, visit.member.actor, _folder(new), staff_of=visit.cohort.id, note=note)
    return f"{new.title} has begun. Look at its settings next."


def next_class(cohort: CohortSettings, answers: Answers) -> CohortSettings:
    """Return the settings of the next class: those of the last one, on other days."""
    last_day = date.fromisoformat(answers["last_day"])
    moved = _Moved(by=last_day - cohort.institute.last_day)
    tables = settings_tables(cohort) | {"id": answers["id"], "title": answers["title"]}
    tables["institute"] = {
        **{key: value for key, value in tables["institute"].items() if key != "first_day"},
        "last_day": last_day,
        **({"first_day": date.fromisoformat(answers["first_day"])} if "first_day" in answers else {}),
    }
    if cohort.kickoff_on:
        tables["kickoff_on"] = moved.day(cohort.kickoff_on)
    for name in ("opens_on", "closes_on"):
        if name in answers:
            tables.setdefault("applications", {})[name] = date.fromisoformat(answers[name])
    for half_day in tables.get("session", {}).get("half_days", []):
        half_day["day"] = moved.day(half_day["day"])
    return checked(tables)


def _folder(settings: CohortSettings) -> CohortFolder:
    return CohortFolder(settings=settings, mentors=(), mentees=(), personas={})
