"""The audit log of a class: who did what, when and why; the same as a file for spreadsheets."""

from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue
from starlette.responses import Response
from starlette.routing import Route

from domain.forms import FormReading, read_answers
from domain.safe_text import one_line
from schemas.actor import ActorKind
from schemas.audit_event import AuditEvent
from schemas.base import FrozenModel
from schemas.enums import StaffAccess
from schemas.forms.questions import Choice, Question
from services.audit import AuditLog, AuditLogFilter, read_audit_log
from services.class_names import ClassNames, class_names
from web.form import rejected_fields
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.downloads import csv_file

AUDIT = f"{CLASS}/audit"
SHOWN = 200
COLUMNS = ("when", "who", "what", "mentorship", "person", "why", "details")


class AuditLine(FrozenModel):
    """One event in words; ``mentorship`` is the id, for the link to its page."""

    when: str
    who: str
    what: str
    pair: str
    mentorship: str | None
    person: str
    why: str
    details: str


class AuditPages:
    """Shows the audit log of a class, and hands it out as a file."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        needed = StaffAccess.COORDINATOR
        return [
            self._console.route(AUDIT, self.show, name="staff_audit", needed=needed),
            self._console.route(f"{AUDIT}.csv", self.download, name="staff_audit_file", needed=needed),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the newest events that match, the newest first."""
        names = await class_names(visit.services, visit.cohort.id)
        questions = _questions(names)
        asked = dict(visit.request.query_params)
        reading = read_answers(questions, asked)
        log = await read_audit_log(visit.services, visit.cohort.id, _filter(reading), limit=SHOWN)
        return await self._console.show(
            visit,
            "staff_audit.html",
            422 if reading.problems else 200,
            fields=rejected_fields(questions, asked, reading),
            lines=_lines(visit, log, names),
            cut_off=log.cut_off,
            filtered=bool(reading.answers),
            audits_drift=visit.path(f"{CLASS}/drift-audit") if visit.may(StaffAccess.CHAIR) else None,
            file=f"{visit.path(AUDIT)}.csv?{visit.request.url.query}",
        )

    async def download(self, visit: StaffVisit) -> Response:
        """Return all events that match as a file, the newest first."""
        names = await class_names(visit.services, visit.cohort.id)
        reading = read_answers(_questions(names), dict(visit.request.query_params))
        log = await read_audit_log(visit.services, visit.cohort.id, _filter(reading), limit=None)
        rows = [
            (line.when, line.who, line.what, line.pair, line.person, line.why, line.details)
            for line in _lines(visit, log, names)
        ]
        return csv_file(f"{visit.cohort.id}-audit.csv", [COLUMNS, *rows])


def _questions(names: ClassNames) -> tuple[Question, ...]:
    people = tuple(Choice(value=id_, label=f"{name} ({names.sides[id_]})") for id_, name in names.people.items())
    pairs = tuple(Choice(value=id_, label=names.pair(id_)) for id_ in names.pairs)
    return (
        Question(name="person", kind="choice", label="Person", choices=people),
        Question(name="mentorship", kind="choice", label="Mentorship", choices=pairs),
        Question(name="since", kind="date", label="From"),
        Question(name="until", kind="date", label="To"),
    )


def _filter(reading: FormReading) -> AuditLogFilter:
    answers = reading.answers
    since, until = (date.fromisoformat(answers[day]) if day in answers else None for day in ("since", "until"))
    return AuditLogFilter(person=answers.get("person"), mentorship=answers.get("mentorship"), since=since, until=until)


def _lines(visit: StaffVisit, log: AuditLog, names: ClassNames) -> list[AuditLine]:
    return [_line(visit, event, names) for event in reversed(log.events)]


def _line(visit: StaffVisit, event: AuditEvent, names: ClassNames) -> AuditLine:
    mentorship = event.mentorship_id
    return AuditLine(
        when=visit.moment(event.happened_at),
        who=_who(event, names),
        what=event.action.replace("_", " ").capitalize() + ("" if event.completed else " (not confirmed)"),
        pair=names.pair(mentorship) if mentorship else "",
        mentorship=mentorship,
        person=names.person(event.person_id) if event.person_id else "",
        why=str(event.details.get("note") or ""),
        details=_details(event.details),
    )


def _who(event: AuditEvent, names: ClassNames) -> str:
    if event.actor.kind is ActorKind.PARTICIPANT:
        return names.person(event.actor.name)
    return "The service" if event.actor.kind is ActorKind.SERVICE else one_line(event.actor.name)


def _details(details: Mapping[str, JsonValue]) -> str:
    told = ((name, value) for name, value in details.items() if name != "note" and value not in (None, [], ""))
    return "; ".join(f"{name.replace('_', ' ')}: {_words(value)}" for name, value in told)


def _words(value: JsonValue) -> str:
    return one_line(", ".join(map(str, value)) if isinstance(value, list) else str(value))
