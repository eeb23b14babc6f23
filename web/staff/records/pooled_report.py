"""Several classes reported together: what each withholds, as too few people are behind it, they may say at once."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from domain.forms import read_answers
from schemas.enums import StaffAccess
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from services.cohort_overview import find_cohort
from services.reports import pooled_report
from web.documents.report_document import report_document
from web.form import read_form, rejected_fields
from web.staff.console import Console, StaffVisit
from web.staff.records.reports import REPORTS

TOGETHER = f"{REPORTS}/together"


class PooledReportPage:
    """Asks for classes, and shows their report."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes; the report is sent for, because it is in the audit log."""
        route, needed = self._console.route, StaffAccess.COORDINATOR
        return [
            route(TOGETHER, self.ask, name="staff_pooled_report", needed=needed),
            route(TOGETHER, self.show, name="staff_pooled_report_sent", needed=needed, method="POST"),
        ]

    async def ask(self, visit: StaffVisit) -> Response:
        """Ask which classes."""
        return await self._form(visit, await _question(visit), {})

    async def show(self, visit: StaffVisit) -> Response:
        """Show the report of the chosen classes and this one."""
        question = await _question(visit)
        posted = read_form(visit.request, (question,))
        reading = read_answers((question,), posted)
        if reading.problems:
            return await self._form(visit, question, posted, status=422)
        classes = [visit.cohort.id, *reading.answers["classes"].split(",")]
        try:
            found = await pooled_report(visit.services, visit.member.actor, classes)
        except Refusal as error:
            return await self._form(visit, question, posted, status=409, refusal=str(error))
        document = report_document(found.report, found.settings)
        return await self._console.show(visit, "staff_pooled_report.html", document=document, field=None, refusal="")

    async def _form(
        self, visit: StaffVisit, question: Question, posted: Mapping[str, str], *, status: int = 200, refusal: str = ""
    ) -> Response:
        problems = read_answers((question,), posted) if status == 422 else read_answers((), {})
        (field,) = rejected_fields((question,), posted, problems)
        return await self._console.show(
            visit, "staff_pooled_report.html", status, document=None, field=field, refusal=refusal
        )


async def _question(visit: StaffVisit) -> Question:
    """Return the other classes of which the visitor may take steps."""
    others = [id_ for id_ in sorted(visit.member.access) if id_ != visit.cohort.id]
    mine = [id_ for id_ in others if visit.member.may(id_, StaffAccess.COORDINATOR)]
    choices = [Choice(value=id_, label=(await find_cohort(visit.services, id_)).title) for id_ in mine]
    return Question(
        name="classes",
        kind="ticks",
        label=f"Report {visit.cohort.title} together with",
        hint="Once reported, these classes can be reported together only like this. The audit log has it.",
        choices=tuple(choices),
        required=True,
    )
