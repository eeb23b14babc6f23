"""The window in which people apply: opened today, extended to a day, closed at once."""

from collections.abc import Callable
from datetime import date

from schemas.forms.questions import Question
from schemas.preview import Preview
from services.application_window import WindowAction, WindowChange, change_window, preview_change
from web.staff.applications.list_page import APPLICATIONS
from web.staff.console import CLASS, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

_FORMS: dict[WindowAction, Callable[[StaffVisit], StepForm]] = {
    WindowAction.OPEN: lambda _: StepForm(
        title="Open applications today",
        lead="People can apply from now on, before the day in the settings.",
        questions=(),
        submit="Open now",
    ),
    WindowAction.EXTEND: lambda visit: StepForm(
        title="Take applications longer",
        lead="People can apply until a later day. A closed window opens again.",
        questions=(Question(name="until", kind="date", label="The last day to apply", required=True),),
        typed={"until": str(visit.cohort.applications.closes_on)} if visit.cohort.applications else {},
        submit="Extend",
    ),
    WindowAction.CLOSE: lambda _: StepForm(
        title="Close applications now",
        lead="Later applications go on the waiting list, if there is one.",
        questions=(),
        submit="Close now",
    ),
}


def window_steps() -> tuple[Step, ...]:
    """Return the steps that change the window."""
    return tuple(map(_of_action, WindowAction))


def _of_action(action: WindowAction) -> Step:
    async def form(visit: StaffVisit) -> StepForm:
        return _FORMS[action](visit)

    async def preview(visit: StaffVisit, answers: Answers) -> Preview:
        change = _change(action, answers)
        return (await preview_change(visit.services, visit.cohort.id, change)).preview or Preview()

    async def take(visit: StaffVisit, answers: Answers, note: str | None) -> str:
        change = _change(action, answers)
        actor, cohort = visit.member.actor, visit.cohort.id
        return (await change_window(visit.services, actor, cohort, change, note=note)).describe()

    return step(f"{CLASS}/window", action, form, preview, take, name=f"window-{action}", back=APPLICATIONS)


def _change(action: WindowAction, answers: Answers) -> WindowChange:
    until = date.fromisoformat(answers["until"]) if "until" in answers else None
    return WindowChange(action=action, until=until)
