"""Pause, resume, extend, end, replace: changes of a mentorship, as its workflow says they would be."""

from collections.abc import Awaitable, Callable
from datetime import date

from domain.labels import label
from schemas.enums import EndingReason, Outcome, StaffAccess
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from schemas.mentorship.changes import CadenceRequest, Change, EndRequest, ExtendRequest, PauseRequest, ResumeRequest
from schemas.mentorship.terms import Rhythm
from schemas.preview import Preview
from services.mentorships.changes import end_sentence, make_change, preview_change, tomorrow
from services.mentorships.replacement import (
    find_candidates,
    nobody_can_take_over,
    preview_replacement,
    replace_mentor,
)
from web.staff.console import MENTORSHIP, StaffVisit
from web.staff.step_form import StepForm
from web.staff.steps import Answers, MakeForm, Step, step

ReadChange = Callable[[StaffVisit, Answers], Awaitable[Change]]

RHYTHMS = (
    Choice(value="1", label="Every month"),
    Choice(value="2", label="Every other month"),
    Choice(value="3", label="Every quarter"),
    Choice(value="6", label="Twice a year"),
)
_WHY = Question(
    name="reason",
    kind="choice",
    label="Why?",
    hint="No one is at fault. The closing report counts reasons, without names.",
    choices=tuple(Choice(value=reason, label=label(reason).capitalize()) for reason in EndingReason),
    required=True,
)
_EARLY = (Outcome.ENDED_EARLY, Outcome.MENTOR_WITHDREW, Outcome.MENTEE_WITHDREW)


def change_steps() -> tuple[Step, ...]:
    """Return the steps that change a mentorship."""
    return (
        _change("pause", _pause_form, _pause),
        _change("resume", _resume_form, _resume),
        _change("extend", _extend_form, _extend),
        _change("cadence", _cadence_form, _cadence),
        _change("end", _end_form, _end, needed=StaffAccess.CHAIR, signs_in_again=True),
        step(MENTORSHIP, "replace", _replace_form, _preview_replacement, _replace),
    )


def _change(
    name: str,
    form: MakeForm,
    read: ReadChange,
    *,
    needed: StaffAccess = StaffAccess.COORDINATOR,
    signs_in_again: bool = False,
) -> Step:
    async def preview(visit: StaffVisit, answers: Answers) -> Preview:
        return (await preview_change(visit.services, visit.mentorship, await read(visit, answers))).preview

    async def take(visit: StaffVisit, answers: Answers, note: str | None) -> str:
        change = await read(visit, answers)
        made = await make_change(visit.services, visit.member.actor, visit.mentorship, change, note=note)
        return end_sentence(visit.mentorship, made.effect, done=True)

    return step(MENTORSHIP, name, form, preview, take, needed=needed, signs_in_again=signs_in_again)


def _pair(visit: StaffVisit) -> str:
    return f"{visit.mentorship.mentor.name} and {visit.mentorship.mentee.name}"


async def _pause_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Pause a mentorship",
        lead=f"{_pair(visit)} get no emails during the pause. Everything after it moves by its length.",
        questions=(
            Question(name="until_on", kind="date", label="First day after the pause", required=True),
            Question(name="from_on", kind="date", label="First day of the pause", hint="Left empty, it is tomorrow."),
        ),
        submit="Pause it",
    )


async def _pause(visit: StaffVisit, answers: Answers) -> PauseRequest:
    given = answers.get("from_on")
    from_on = date.fromisoformat(given) if given else await tomorrow(visit.services, visit.mentorship)
    return PauseRequest(from_on=from_on, until_on=date.fromisoformat(answers["until_on"]))


async def _resume_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Resume a mentorship",
        lead=f"The mentorship of {_pair(visit)} goes on tomorrow.",
        questions=(),
        submit="Resume it",
    )


async def _resume(_: StaffVisit, __: Answers) -> ResumeRequest:
    return ResumeRequest()


async def _extend_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Extend a mentorship",
        lead=f"The mentorship of {_pair(visit)} ends later. The new quarters have check-ins too.",
        questions=(
            Question(name="months", kind="count", label="How many more months?", least=1, most=24, required=True),
        ),
        submit="Extend it",
    )


async def _extend(_: StaffVisit, answers: Answers) -> ExtendRequest:
    return ExtendRequest(months=int(answers["months"]))


async def _cadence_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="Change how often they meet",
        lead=f"How often {_pair(visit)} meet and report on goals. What you leave open stays as it is.",
        questions=(
            Question(name="meetings", kind="choice", label="How often do they meet?", choices=RHYTHMS),
            Question(
                name="meetings_on",
                kind="dates",
                label="Or on which days?",
                hint="One day on each line, such as July 1, 2019.",
            ),
            Question(name="goal_updates", kind="choice", label="How often do they report on goals?", choices=RHYTHMS),
            Question(
                name="goal_updates_on",
                kind="dates",
                label="Or on which days?",
                hint="One day on each line, such as July 1, 2019.",
            ),
        ),
        submit="Change it",
    )


async def _cadence(_: StaffVisit, answers: Answers) -> CadenceRequest:
    if not answers:
        raise Refusal("Say what changes: how often they meet, how often they report on goals, or both.")
    return CadenceRequest(meetings=_rhythm(answers, "meetings"), goal_updates=_rhythm(answers, "goal_updates"))


def _rhythm(answers: Answers, name: str) -> Rhythm | None:
    if days := answers.get(f"{name}_on"):
        return Rhythm(on=tuple(sorted(map(date.fromisoformat, days.split(",")))))
    return Rhythm(every_months=int(answers[name])) if name in answers else None


async def _end_form(visit: StaffVisit) -> StepForm:
    return StepForm(
        title="End a mentorship early",
        lead=f"The mentorship of {_pair(visit)} ends today. If another mentor could take over, replace the mentor.",
        questions=(
            Question(
                name="outcome",
                kind="choice",
                label="How does it end?",
                choices=tuple(Choice(value=outcome, label=label(outcome).capitalize()) for outcome in _EARLY),
                required=True,
            ),
            _WHY,
        ),
        submit="End it today",
    )


async def _end(_: StaffVisit, answers: Answers) -> EndRequest:
    return EndRequest(outcome=Outcome(answers["outcome"]), reason=EndingReason(answers["reason"]))


async def _replace_form(visit: StaffVisit) -> StepForm:
    candidates = await find_candidates(visit.services, visit.mentorship)
    if not candidates.available:
        raise nobody_can_take_over(visit.mentorship)
    choices = tuple(
        Choice(value=each.mentor, label=f"{candidates.names[each.mentor]}, score {each.score / 100:.0f} of 100")
        for each in candidates.available
    )
    return StepForm(
        title="Replace the mentor",
        lead=f"Another mentor takes over from {visit.mentorship.mentor.name}. "
        "Listed are the mentors of this class with a free place, the best score first.",
        questions=(
            Question(name="mentor", kind="choice", label="Who takes over?", choices=choices, required=True),
            _WHY,
        ),
        submit="Replace the mentor",
    )


async def _preview_replacement(visit: StaffVisit, answers: Answers) -> Preview:
    reason = EndingReason(answers["reason"])
    return (await preview_replacement(visit.services, visit.mentorship, answers["mentor"], reason)).preview


async def _replace(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    mentor, reason = answers["mentor"], EndingReason(answers["reason"])
    done = await replace_mentor(visit.services, visit.member.actor, visit.mentorship, mentor, reason, note=note)
    return f"This mentorship is over. {mentor} takes over in {done.successor}."
