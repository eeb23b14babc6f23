"""What has happened in a mentorship, for staff: emails, answers that staff may read, and what was done by whom."""

from typing import Literal

from pydantic import AwareDatetime

from domain.forms import answers_readable_by, questions_for
from domain.labels import label
from schemas.audit_event import AuditEvent, AuditFilter
from schemas.base import FrozenModel
from schemas.emails.messages import OutboxEmail
from schemas.forms.catalog import FORMS, Question
from schemas.forms.own_page import CALL
from schemas.mentorship.my_mentorship import CallRequest
from schemas.mentorship.responses import MentorshipPair, StoredResponse
from services.context import ServiceContext
from storage import audit, call_requests, outbox, responses


class HistoryAnswer(FrozenModel):
    """An answer that staff may read, with its question."""

    question: Question
    answer: str


class HistoryEntry(FrozenModel):
    """One thing that happened: an email that left or did not, an answer, or a step of somebody.

    ``who`` is a side, ``staff``, or the actor of a step; ``state`` is empty where it went as it should. An email's
    ``key`` leads to it as it was sent.
    """

    at: AwareDatetime
    what: Literal["email", "answer", "step"]
    who: str
    title: str
    state: str = ""
    key: str | None = None
    answers: tuple[HistoryAnswer, ...] = ()
    note: str | None = None


async def mentorship_history(context: ServiceContext, pair: MentorshipPair) -> tuple[HistoryEntry, ...]:
    """Return all that happened in a mentorship, the newest first; it takes no worker."""
    emails = await outbox.emails_of(context.pool, pair.mentorship_id)
    answers = await responses.last_responses_of(context.pool, pair.mentorship_id)
    events = await audit.events(context.pool, AuditFilter(mentorship_id=pair.mentorship_id))
    # An answer stands here itself, so that it came need not be said twice.
    steps = [event for event in events if event.action not in {"response_received", "call_requested"}]
    calls = await call_requests.call_requests_of(context.pool, pair.mentorship_id)
    entries = [
        *map(_email, emails),
        *(_answer(pair, one) for one in answers),
        *map(_call, calls),
        *map(_step, steps),
    ]
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def _email(email: OutboxEmail) -> HistoryEntry:
    reason = f": {label(email.reason)}" if email.reason else ""
    return HistoryEntry(
        at=email.sent_at or email.due_at,
        what="email",
        who=email.recipient,
        title=f"{label(email.kind).capitalize()}{reason}",
        state="" if email.sent_at else f"{label(email.state)} {email.failure or ''}".strip(),
        key=email.key,
    )


def _answer(pair: MentorshipPair, response: StoredResponse) -> HistoryEntry:
    questions = questions_for(response.form, response.side, pair.goals) if response.form in FORMS else ()
    # What the two wrote for each other alone is not staff's to read (A34).
    readable = answers_readable_by("staff", questions, response.answers)
    return HistoryEntry(
        at=response.received_at,
        what="answer",
        who=response.side,
        title=label(response.milestone).capitalize(),
        answers=tuple(
            HistoryAnswer(question=question, answer=readable[question.name])
            for question in questions
            if question.name in readable
        ),
    )


def _call(request: CallRequest) -> HistoryEntry:
    said = {"about": request.about, "words": request.words}
    return HistoryEntry(
        at=request.received_at,
        what="answer",
        who=request.side,
        title="Wants to leave" if request.about == "leaving" else "Asked for a call",
        answers=()
        if request.about == "leaving"
        else tuple(
            HistoryAnswer(question=question, answer=said[question.name])
            for question in CALL.questions
            if said[question.name]
        ),
    )


def _step(event: AuditEvent) -> HistoryEntry:
    note = event.details.get("note")
    return HistoryEntry(
        at=event.happened_at,
        what="step",
        who=event.actor.name,
        title=label(event.action).capitalize(),
        state="" if event.completed else "not confirmed",
        note=str(note) if note else None,
    )
