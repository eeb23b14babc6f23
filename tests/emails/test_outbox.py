"""From rows to a relay: what an email tells is read when it is written, and nothing of it tells of a private wish."""

import json
from datetime import UTC, date, datetime

import asyncpg
import pytest

from domain.forms import read_answers
from emails.samples import SAMPLE_COHORT
from schemas.applications.applicant import Inquiry
from schemas.cohort.opportunities import NewOpportunity
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Outcome, Phase, Recipient, Side, StaffReason
from schemas.forms.applying import INQUIRY
from schemas.ids import email_key
from schemas.mentorship.messages import RecordProgress
from schemas.mentorship.state import Ask
from storage import mentorships
from storage import outbox as outbox_rows
from storage.inquiries import save_inquiry
from storage.opportunities import add_opportunity
from tests.emails.relay import Delivery, Relay
from tests.emails.stored import NOW, PAIR

AT = datetime(2019, 9, 2, 14, tzinfo=UTC)


def queued(kind: EmailKind, to: Recipient, *milestones: str, scope: str = PAIR) -> QueuedEmail:
    asks = tuple(Ask(milestone=milestone) for milestone in milestones)
    return QueuedEmail(
        key=email_key(scope, kind, "by-hand", to), kind=kind, scope_id=scope, to=to, at=AT, now=AT, asks=asks
    )


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


DIGEST = queued(EmailKind.STAFF_DIGEST, Recipient.STAFF, scope=SAMPLE_COHORT.id)


async def test_a_week_without_anything_to_tell_leaves_no_row(cohort: asyncpg.Pool, outbox: Delivery) -> None:
    assert await outbox.deliver(DIGEST) == [None]
    assert await outbox_rows.emails_of_cohort(cohort, SAMPLE_COHORT.id) == []


async def test_a_digest_goes_to_the_contact_once(cohort: asyncpg.Pool, outbox: Delivery, relay: Relay) -> None:
    concerns = (StaffReason.NO_AGREEMENT, StaffReason.CALL_REQUESTED)
    progress = RecordProgress(mentorship_id=PAIR, phase=Phase.ENABLING, concerns=concerns, now=NOW)
    await mentorships.record_progress(cohort, progress)
    assert [await outbox.deliver(DIGEST) for _ in range(2)] == [["sent"], ["sent"]]
    assert len(relay.messages) == 1
    assert relay.messages[-1]["To"].addresses[0].addr_spec == SAMPLE_COHORT.contact.email
    assert relay.messages[-1]["Subject"] == "MILE staff: 1 mentorship to look at"
    text = relay.text()
    assert text.index("New: Call requested") < text.index(PAIR) < text.index("New: No agreement")
    assert "Please look at this mentorship by Friday, September 6" in text


async def test_whoever_asked_from_a_domain_in_other_letters_can_be_answered(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    typed = read_answers(INQUIRY.questions, {"name": "Zoë", "email": "zoe@exämple.org", "text": "Is it much work?"})
    number = await save_inquiry(cohort, Inquiry(cohort_id=SAMPLE_COHORT.id, **typed.answers), NOW)
    key = email_key(SAMPLE_COHORT.id, EmailKind.INQUIRY, str(number), Recipient.STAFF)
    asked = queued(EmailKind.INQUIRY, Recipient.STAFF, scope=SAMPLE_COHORT.id).model_copy(update={"key": key})
    assert await outbox.deliver(asked) == ["sent"]
    _, raw = relay.accepted[-1]
    assert raw.isascii()
    assert b"<zoe@xn--exmple-cua.org>\r\n" in raw
    assert relay.messages[-1]["Reply-To"].addresses[0].addr_spec == "zoe@xn--exmple-cua.org"


async def test_words_of_thanks_are_read_when_the_email_is_written(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    await respond(cohort, "thanks-1", "thanks", {"text": "Thank you <3\n\nP."}, call=False)
    gratitude = queued(EmailKind.GRATITUDE, Recipient.MENTOR, "thanks-1")
    assert await outbox.deliver(gratitude) == ["sent"]
    assert "> Thank you <3\n>\n> P.\n" in relay.text()
    assert await cohort.fetchval("select count(*) from link") == 0


async def test_farewell_says_how_it_ended_and_has_a_link_to_its_page(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    ended = RecordProgress(mentorship_id=PAIR, phase=Phase.CLOSURE, outcome=Outcome.MENTOR_WITHDREW, now=NOW)
    await mentorships.record_progress(cohort, ended)
    await outbox.deliver(queued(EmailKind.FAREWELL, Recipient.MENTEE, "farewell", "closure_survey"))
    assert "had to step back" in relay.text()
    links = await cohort.fetch("select milestone, side from link order by milestone")
    assert [tuple(link) for link in links] == [("closure_survey", Side.MENTEE), ("farewell", Side.MENTEE)]


@pytest.mark.parametrize("replaced", [False, True])
async def test_mentee_whose_mentor_was_replaced_does_not_read_that_none_may_be_found(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay, replaced: bool
) -> None:
    ended = RecordProgress(mentorship_id=PAIR, phase=Phase.CLOSURE, outcome=Outcome.MENTOR_WITHDREW, now=NOW)
    await mentorships.record_progress(cohort, ended)
    if replaced:
        await cohort.execute(
            "insert into application (cohort_id, side, person_id, email, answers, status, submitted_at)"
            " select cohort_id, side, 'M02', 'm2@example.org', answers, status, submitted_at from application"
            " where person_id = 'M01'"
        )
        await cohort.execute(
            "insert into mentorship (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at,"
            " predecessor_id) select 'mile-2019-002', cohort_id, 'M02', mentee_id, score, starts_on, ends_on,"
            " updated_at, id from mentorship"
        )
    await outbox.deliver(queued(EmailKind.FAREWELL, Recipient.MENTEE, "farewell", "closure_survey"))
    assert ("You have a new mentor." in relay.text()) is replaced
    assert ("If we find another mentor" in relay.text()) is not replaced


async def test_openings_of_the_day_stand_in_the_check_in(cohort: asyncpg.Pool, outbox: Delivery, relay: Relay) -> None:
    for title, until in (("Over", date(2019, 9, 1)), ("Still open", date(2019, 9, 2))):
        new = NewOpportunity(area="chance", title=title, closes_on=until)
        await add_opportunity(cohort, SAMPLE_COHORT.id, new, NOW)
    await outbox.deliver(queued(EmailKind.CHECK_IN, Recipient.MENTEE, "check_in-2"))
    assert "Still open" in relay.text()
    assert "- Over" not in relay.text()


@pytest.mark.parametrize(("before", "told"), [("stuck", True), ("changed", False)])
async def test_mentor_reads_in_the_check_in_what_was_stuck_twice(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay, before: str, *, told: bool
) -> None:
    for number, status in enumerate((before, "stuck"), start=1):
        await respond(cohort, f"goal_check_in-{number}", "goal_check_in", {"goal_1": status}, call=False)
    await outbox.deliver(queued(EmailKind.CHECK_IN, Recipient.MENTOR, "check_in-2"))
    assert ("Stuck the last two times" in relay.text()) is told


async def test_opening_that_cannot_be_read_stops_no_email_that_shows_none(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    new = NewOpportunity(area="chance", title="Of a newer release", closes_on=AT.date())
    await add_opportunity(cohort, SAMPLE_COHORT.id, new, NOW)
    await cohort.execute("update opportunity set kind = 'unknown'")
    check_in = queued(EmailKind.CHECK_IN, Recipient.MENTEE, "check_in-2")
    assert await outbox.deliver(check_in, queued(EmailKind.MEETING, Recipient.MENTEE, "meeting-2")) == [
        "queued",
        "sent",
    ]


@pytest.mark.parametrize(
    ("reason", "scope"), [(StaffReason.NOT_UNDERSTOOD, PAIR), (StaffReason.REPORT_READY, SAMPLE_COHORT.id)]
)
async def test_a_note_knows_whether_it_is_about_a_mentorship_or_about_the_cohort(
    outbox: Delivery, relay: Relay, reason: StaffReason, scope: str
) -> None:
    note = queued(EmailKind.STAFF_NOTE, Recipient.STAFF, scope=scope).model_copy(update={"reason": reason})
    assert await outbox.deliver(note) == ["sent"]
    assert ("Person M" in relay.text()) == (scope == PAIR)


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
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay, kind: EmailKind, milestone: str
) -> None:
    wanted = queued(kind, Recipient.MENTOR, milestone)
    await outbox.deliver(wanted)
    await respond(cohort, "check_in-1", "check_in", {"status": "met", "call_requested": "yes"}, call=True)
    concern = RecordProgress(mentorship_id=PAIR, phase=Phase.ENABLING, concerns=(StaffReason.CALL_REQUESTED,), now=NOW)
    await mentorships.record_progress(cohort, concern)
    # As if the attempt had died before it was recorded.
    await cohort.execute("update outbox set state = 'sending', next_attempt_at = now()")
    await outbox.deliver(wanted)
    assert len(relay.accepted) == 2
    assert relay.accepted[0] == relay.accepted[1]
