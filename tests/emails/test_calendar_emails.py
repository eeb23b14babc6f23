"""Which emails bring calendar files: invitations, changes of the kickoff, and the email that takes a place back."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message

import asyncpg
import icalendar
import pytest

from emails.writer import EmailWriter
from schemas.emails.messages import ClaimedEmail, QueuedEmail
from schemas.enums import ApplicationStatus, EmailKind, Recipient
from schemas.ids import MATCH_IS_OFF, applicant_scope, email_key
from storage import outbox
from tests.emails.relay import settings_for
from tests.web.applicants.invitations.proposed_class import ID, PROPOSED, ProposedClass, create_proposed_class

LATER = PROPOSED + timedelta(days=3)
SCOPE = applicant_scope(ID, "M02")


@pytest.fixture
async def proposed(pool: asyncpg.Pool) -> ProposedClass:
    """The class with one match that is final."""
    proposed = await create_proposed_class(pool)
    await proposed.commit("M02", "P03")
    return proposed


async def written(
    pool: asyncpg.Pool, kind: EmailKind, at: datetime, about: str = "about", number: int = 0
) -> dict[str, icalendar.Event]:
    """Enqueue, write and send an email to the mentor; return its calendar files by name and method."""
    email = QueuedEmail(
        key=email_key(SCOPE, kind, about, Recipient.MENTOR, number),
        kind=kind,
        scope_id=SCOPE,
        to=Recipient.MENTOR,
        at=at,
        now=at,
    )
    await outbox.enqueue(pool, email)
    settings = settings_for("postgresql://nowhere", 1)
    outgoing = await EmailWriter(pool, settings).write(email)
    assert outgoing is not None
    claimed = ClaimedEmail(**email.model_dump(), cohort_id=ID, attempts=1, first_attempt_at=at)
    [(_, message)] = outgoing.messages(settings, claimed, "<id@example.org>")
    await pool.execute("update outbox set state = 'sent', sent_at = $1 where key = $2", at, email.key)
    return dict(map(_event, _attached(message_from_bytes(message))))


def _attached(message: Message) -> list[Message]:
    return [part for part in message.walk() if part.get_filename()]


def _event(part: Message) -> tuple[str, icalendar.Event]:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = icalendar.Calendar.from_ical(content)
    assert part.get_param("method") == calendar["method"]
    [event] = calendar.events
    return f"{calendar['method']} {part.get_filename()}", event


async def test_taking_a_place_back_calls_the_same_events_off_by_a_higher_number(proposed: ProposedClass) -> None:
    invited = await written(proposed.pool, EmailKind.KICKOFF, PROPOSED)
    assert list(invited) == ["REQUEST half-day-thursday.ics", "REQUEST half-day-friday.ics", "PUBLISH kickoff.ics"]
    off = await written(proposed.pool, EmailKind.STATUS_CHANGED, LATER, f"{MATCH_IS_OFF}.x")
    assert list(off) == ["CANCEL half-day-thursday.ics", "CANCEL half-day-friday.ics", "CANCEL kickoff.ics"]
    for before, after in zip(invited.values(), off.values(), strict=True):
        assert (before.uid, before.sequence < after.sequence) == (after.uid, True)
    again = await written(proposed.pool, EmailKind.KICKOFF, LATER + timedelta(days=1), number=1)
    for before, after in zip(off.values(), again.values(), strict=True):
        assert (before.uid, before.sequence < after.sequence) == (after.uid, True)


async def test_reminder_brings_the_same_file_with_the_same_number(proposed: ProposedClass) -> None:
    first = await written(proposed.pool, EmailKind.KICKOFF, PROPOSED)
    assert await written(proposed.pool, EmailKind.KICKOFF, LATER, number=1) == first


async def test_withdrawing_before_any_invitation_calls_nothing_off(proposed: ProposedClass) -> None:
    await proposed.pool.execute(
        "update application set status = $1 where person_id = 'M02'", ApplicationStatus.WITHDRAWN
    )
    assert await written(proposed.pool, EmailKind.STATUS_CHANGED, LATER) == {}


async def test_email_about_a_place_that_stands_calls_nothing_off(proposed: ProposedClass) -> None:
    await written(proposed.pool, EmailKind.KICKOFF, PROPOSED)
    assert await written(proposed.pool, EmailKind.STATUS_CHANGED, LATER) == {}
