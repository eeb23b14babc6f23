"""Applications as files: to correct and import again, to keep, or for the next class. Each look is audited."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from domain.applications.csv.writing import write_people
from domain.forms import read_answers
from schemas.applications.imports import StoredApplication
from schemas.enums import Side, StaffAccess
from schemas.errors import Refusal
from schemas.forms.questions import Choice, Question
from services.applications.exports import export_applications, take_along
from web.form import answered_fields, read_form, rejected_fields
from web.staff.applications.list_page import APPLICATIONS
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.downloads import download

EXPORT = f"{CLASS}/export"
FILES = {Side.MENTOR: "mentors.csv", Side.MENTEE: "participants.csv"}
_QUESTIONS = (
    Question(
        name="side",
        kind="choice",
        label="Which file?",
        choices=(Choice(value=Side.MENTOR, label="Mentors"), Choice(value=Side.MENTEE, label="Participants")),
        required=True,
    ),
    Question(
        name="who",
        kind="choice",
        label="Who is in it?",
        choices=(
            Choice(value="accepted", label="Accepted applications"),
            Choice(value="all", label="All applications, also waiting, ineligible and withdrawn ones"),
            Choice(value="left", label="People without a pair, for the next class, where they go first"),
        ),
        required=True,
    ),
    Question(name="excel", kind="tick", label="I open it in Excel", hint="Then Excel shows every letter."),
)


class ExportPage:
    """Asks which applications, and sends them as a file."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        route, needed = self._console.route, StaffAccess.COORDINATOR
        return [
            route(EXPORT, self.show, name="staff_export", needed=needed),
            route(EXPORT, self.send, name="staff_export_sent", needed=needed, method="POST"),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Ask which applications."""
        typed = {"who": "accepted"}
        return await self._console.show(
            visit,
            "staff_export.html",
            fields=answered_fields(_QUESTIONS, typed),
            refusal="",
            back=visit.path(APPLICATIONS),
        )

    async def send(self, visit: StaffVisit) -> Response:
        """Send the file, or say what is missing in the form."""
        posted = read_form(visit.request, _QUESTIONS)
        reading = read_answers(_QUESTIONS, posted)
        refusal = ""
        if not reading.problems:
            try:
                return await _file(visit, reading.answers)
            except Refusal as refused:
                refusal = str(refused)
        return await self._console.show(
            visit,
            "staff_export.html",
            409 if refusal else 422,
            fields=rejected_fields(_QUESTIONS, posted, reading),
            refusal=refusal,
            back=visit.path(APPLICATIONS),
        )


async def _file(visit: StaffVisit, answers: Mapping[str, str]) -> Response:
    side, who = Side(answers["side"]), answers["who"]
    people = await _people(visit, side, who)
    content = write_people(side, people, excel="excel" in answers, status=who != "left")
    return download(f"{visit.cohort.id}-{FILES[side]}", content)


async def _people(visit: StaffVisit, side: Side, who: str) -> list[StoredApplication]:
    services, actor, cohort = visit.services, visit.member.actor, visit.cohort.id
    if who == "left":
        people = await take_along(services, actor, cohort)
    else:
        people = await export_applications(services, actor, cohort, (side,), everybody=who == "all")
    return [person for person in people if person.side is side]
