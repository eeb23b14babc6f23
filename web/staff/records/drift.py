"""The drift audit of a class as a step: what differs between PostgreSQL and Temporal, and its repair."""

from domain.audit_words import audit_lines
from schemas.audit import AuditResult
from schemas.enums import StaffAccess
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services.drift_audit.auditor import audit_drift
from web.staff.console import CLASS, StaffVisit
from web.staff.records.audit import AUDIT
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

EVERYBODY = "everybody"
_HOW_CLOSELY = Question(
    name="whom",
    kind="choice",
    label="Whom do we ask?",
    choices=(
        Choice(value="suspicious", label="The mentorships whose turn it is, and those that look wrong"),
        Choice(value=EVERYBODY, label="Every mentorship (this takes longer)"),
    ),
    required=True,
)


def drift_steps() -> tuple[Step, ...]:
    """Return the step."""
    return (
        step(
            CLASS,
            "drift-audit",
            _form,
            _preview,
            _repair,
            back=AUDIT,
            needed=StaffAccess.CHAIR,
            in_background=True,
        ),
    )


async def _form(_: StaffVisit) -> StepForm:
    return StepForm(
        title="Compare lists with Temporal",
        lead="Lists and reports come from one database, and Temporal runs the class from another. They should agree.",
        questions=(_HOW_CLOSELY,),
        typed={_HOW_CLOSELY.name: "suspicious"},
        submit="Repair what can be repaired",
    )


async def _preview(visit: StaffVisit, answers: Answers) -> Preview:
    found = await _audit(visit, answers)
    lines = tuple(line.strip() for line in audit_lines(found))
    return Preview(changes=lines, way_back="none is needed: lists then say what the mentorships say")


async def _repair(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    return " ".join(line.strip() for line in audit_lines(await _audit(visit, answers, repair=True, note=note)))


async def _audit(visit: StaffVisit, answers: Answers, *, repair: bool = False, note: str | None = None) -> AuditResult:
    return await audit_drift(
        visit.services,
        visit.member.actor,
        visit.cohort.id,
        repair=repair,
        everybody=answers[_HOW_CLOSELY.name] == EVERYBODY,
        note=note,
    )
