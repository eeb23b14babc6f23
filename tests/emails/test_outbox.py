"""From rows to a relay: what an email tells is read when it is written, and nothing of it tells of a private wish."""

import asyncio
import email
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import default

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.forms import read_answers
from emails.outbox import Outbox
from emails.samples import SAMPLE_COHORT
from runtime.settings import Settings
from schemas.applications.applicant import Inquiry
from schemas.cohort.opportunities import NewOpportunity
from schemas.emails.messages import SendEmail
from schemas.enums import EmailKind, Outcome, Phase, Recipient, Side, StaffReason
from schemas.forms.applying import INQUIRY
from schemas.ids import email_key
from schemas.mentorship.messages import RecordProgress
from schemas.mentorship.state import Ask
from storage import mentorships
from storage import outbox as outbox_rows
from storage.inquiries import save_inquiry
from storage.opportunities import add_opportunity
from tests.emails.stored import NOW, PAIR

AT = datetime(2019, 9, 2, 14, tzinfo=UTC)


class Taken:
    """A relay's handler that takes everything and keeps it."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        self.messages.append(envelope.original_content or b"")
        return "250 taken"

    def last(self) -> EmailMessage:
        message = email.message_from_bytes(self.messages[-1], policy=default)
        assert isinstance(message, EmailMessage)
        return message

    def text(self) -> str:
        part = self.last().get_body(("plain",))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def outbox(cohort: asyncpg.Pool, database_url: str, taken: Taken) -> AsyncIterator[Outbox]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taken, hostname="localhost", loop=loop), "127.0.0.1", 0)
    settings = Settings.model_validate(
        {
            "database_url": database_url,
            "link_secret": "0123456789abcdef" * 2,
            "public_url": "https://mile.example.org",
            "sender": "mile@example.org",
            "smtp_port": server.sockets[0].getsockname()[1],
        }
    )
    yield Outbox(cohort, settings)
    server.close()


def order(kind: EmailKind, to: Recipient, *milestones: str, scope: str = PAIR) -> SendEmail:
    asks = tuple(Ask(milestone=milestone) for milestone in milestones)
    return SendEmail(key=f"{scope}/{kind}/{to}", kind=kind, scope_id=scope, to=to, at=AT, now=AT, asks=asks)


async def respond(pool: asyncpg.Pool, milestone: str, form: str, answers: dict[str, str], *, call: bool) -> None:
    await pool.execute(
        "insert into response"
        " (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload, received_at)"
        " values ($1, 1, $2, $3, 'mentee', $4, $5, $6, $7)",
        f"{PAIR}/{milestone}/mentee",
        PAIR,
        milestone,
        form,
        json.dumps(answers),
        json.dumps({"call_requested": call}),
        NOW,
    )


DIGEST = order(EmailKind.STAFF_DIGEST, Recipient.STAFF, scope=SAMPLE_COHORT.id)


async def test_a_week_without_anything_to_tell_leaves_no_row(cohort: asyncpg.Pool, outbox: Outbox) -> None:
    assert (await outbox.send(DIGEST)).state == "nothing_to_tell"
    assert await outbox_rows.emails_of_cohort(cohort, SAMPLE_COHORT.id) == []


async def test_a_digest_goes_to_the_contact_once(cohort: asyncpg.Pool, outbox: Outbox, taken: Taken) -> None:
    concerns = (StaffReason.NO_AGREEMENT, StaffReason.CALL_REQUESTED)
    progress = RecordProgress(mentorship_id=PAIR, phase=Phase.ENABLING, concerns=concerns, now=NOW)
    await mentorships.record_progress(cohort, progress)
    assert [(await outbox.send(DIGEST)).state for _ in range(2)] == ["sent", "already_sent"]
    assert taken.last()["To"].addresses[0].addr_spec == SAMPLE_COHORT.contact.email
    assert taken.last()["Subject"] == "MILE staff: 1 mentorship to look at"
    text = taken.text()
    assert "- Call requested: 1\n- No agreement: 1\n" in text
    assert text.index("- Call requested: 1") < text.index(PAIR)
    assert "Please look at this mentorship by Friday, September 6" in text


async def test_whoever_asked_from_a_domain_in_other_letters_can_be_answered(
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken
) -> None:
    typed = read_answers(INQUIRY.questions, {"name": "Zoë", "email": "zoe@exämple.org", "text": "Is it much work?"})
    number = await save_inquiry(cohort, Inquiry(cohort_id=SAMPLE_COHORT.id, **typed.answers), NOW)
    key = email_key(SAMPLE_COHORT.id, EmailKind.INQUIRY, str(number), Recipient.STAFF)
    asked = order(EmailKind.INQUIRY, Recipient.STAFF, scope=SAMPLE_COHORT.id).model_copy(update={"key": key})
    assert (await outbox.send(asked)).state == "sent"
    assert taken.messages[-1].isascii()
    assert b"<zoe@xn--exmple-cua.org>\r\n" in taken.messages[-1]
    assert taken.last()["Reply-To"].addresses[0].addr_spec == "zoe@xn--exmple-cua.org"


async def test_words_of_thanks_are_read_when_the_email_is_written(
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken
) -> None:
    await respond(cohort, "thanks-1", "thanks", {"text": "Thank you <3\n\nP."}, call=False)
    gratitude = order(EmailKind.GRATITUDE, Recipient.MENTOR, "thanks-1")
    assert (await outbox.send(gratitude)).state == "sent"
    assert "> Thank you <3\n>\n> P.\n" in taken.text()
    assert await cohort.fetchval("select count(*) from link") == 0


async def test_farewell_says_how_it_ended_and_has_a_link_to_its_page(
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken
) -> None:
    ended = RecordProgress(mentorship_id=PAIR, phase=Phase.CLOSURE, outcome=Outcome.MENTOR_WITHDREW, now=NOW)
    await mentorships.record_progress(cohort, ended)
    await outbox.send(order(EmailKind.FAREWELL, Recipient.MENTEE, "farewell", "closure_survey"))
    assert "had to step back" in taken.text()
    links = await cohort.fetch("select milestone, side from link order by milestone")
    assert [tuple(link) for link in links] == [("closure_survey", Side.MENTEE), ("farewell", Side.MENTEE)]


async def test_openings_of_the_day_stand_in_the_check_in(cohort: asyncpg.Pool, outbox: Outbox, taken: Taken) -> None:
    for title, until in (("Over", date(2019, 9, 1)), ("Still open", date(2019, 9, 2))):
        new = NewOpportunity(area="chance", title=title, closes_on=until)
        await add_opportunity(cohort, SAMPLE_COHORT.id, new, NOW)
    await outbox.send(order(EmailKind.CHECK_IN, Recipient.MENTEE, "check_in-2"))
    assert "Still open" in taken.text()
    assert "- Over" not in taken.text()


@pytest.mark.parametrize(
    ("reason", "scope"), [(StaffReason.NOT_UNDERSTOOD, PAIR), (StaffReason.REPORT_READY, SAMPLE_COHORT.id)]
)
async def test_a_note_knows_whether_it_is_about_a_mentorship_or_about_the_cohort(
    outbox: Outbox, taken: Taken, reason: StaffReason, scope: str
) -> None:
    note = order(EmailKind.STAFF_NOTE, Recipient.STAFF, scope=scope).model_copy(update={"reason": reason})
    assert (await outbox.send(note)).state == "sent"
    assert ("Person M" in taken.text()) == (scope == PAIR)


@pytest.mark.parametrize(
    ("kind", "milestone"),
    [
        (EmailKind.AGREEMENT, "agreement"),
        (EmailKind.MEETING, "meeting-2"),
        (EmailKind.CHECK_IN, "check_in-2"),
        (EmailKind.CLOSURE_SURVEY, "closure_survey"),
        (EmailKind.FAREWELL, "farewell"),
    ],
)
async def test_an_email_to_the_partner_is_the_same_whether_or_not_one_asked_for_a_call(
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken, kind: EmailKind, milestone: str
) -> None:
    wanted = order(kind, Recipient.MENTOR, milestone)
    await outbox.send(wanted)
    await respond(cohort, "check_in-1", "check_in", {"status": "met", "call_requested": "yes"}, call=True)
    concern = RecordProgress(mentorship_id=PAIR, phase=Phase.ENABLING, concerns=(StaffReason.CALL_REQUESTED,), now=NOW)
    await mentorships.record_progress(cohort, concern)
    await cohort.execute("update outbox set state = 'sending'")
    await outbox.send(wanted)
    assert len(taken.messages) == 2
    assert taken.messages[0] == taken.messages[1]
