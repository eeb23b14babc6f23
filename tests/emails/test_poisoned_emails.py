"""An email of any kind that cannot be written or sent, before all others: the others leave, and staff see it."""

import asyncio
from collections.abc import Iterable, Sequence

import asyncpg
import pytest

from emails import rendering
from emails.links import LinkKey
from emails.message import address
from emails.outgoing import OutgoingEmail
from emails.registry import APPLICANT_EMAILS, PARTICIPANT_EMAILS
from emails.samples import SAMPLE_COHORT, SampleCast, samples
from emails.writer import EmailWriter
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, StaffReason
from schemas.ids import email_key
from storage import outbox as rows
from tests.emails.relay import Delivery, Relay
from tests.emails.stored import store_pair
from tests.emails.test_sender import AT, call_note, check_in

OTHER = "other"
NOBODY = address("Nobody", "nobody@example.org")
LEAVE_WITHIN_SECONDS = 10
TO_PEOPLE = (*PARTICIPANT_EMAILS, *APPLICANT_EMAILS)
GOOD = [check_in(number, to) for number in range(5) for to in (Recipient.MENTOR, Recipient.MENTEE)]


def of_other_cohort(kind: EmailKind) -> QueuedEmail:
    """Return an email of a kind, enqueued and due before all others."""
    to, scope = Recipient.MENTOR, f"{OTHER}-001"
    if kind in APPLICANT_EMAILS:
        scope = f"{OTHER}/M01"
    elif kind not in PARTICIPANT_EMAILS:
        to, scope = Recipient.STAFF, OTHER
    return QueuedEmail(
        key=email_key(scope, kind, "1", to),
        kind=kind,
        scope_id=scope,
        to=to,
        at=AT.replace(day=1),
        now=AT,
        reason=StaffReason.CALL_REQUESTED if kind is EmailKind.STAFF_NOTE else None,
    )


@pytest.fixture
async def other(cohort: asyncpg.Pool) -> asyncpg.Pool:
    """A second cohort with the same people and a pair of its own."""
    await store_pair(cohort, OTHER)
    return cohort


async def assert_others_leave(outbox: Delivery, relay: Relay, bad: Sequence[QueuedEmail], failure: str) -> None:
    await rows.enqueue(outbox.pool, *bad)
    started = asyncio.get_running_loop().time()
    assert set(await outbox.deliver(*GOOD, call_note())) == {"sent"}
    assert asyncio.get_running_loop().time() - started < LEAVE_WITHIN_SECONDS
    assert len(relay.accepted) == len(GOOD) + 1
    assert await rows.stuck_emails(outbox.pool) == ()
    await outbox.pool.execute("update outbox set failing_since = now() - interval '61 minutes' where state = 'queued'")
    stuck = {email.key: email.failure for email in await rows.stuck_emails(outbox.pool)}
    assert stuck.keys() == {email.key for email in bad}
    assert {stuck[email.key] for email in bad if email.kind in PARTICIPANT_EMAILS} == {failure}
    assert all(stuck.values())


@pytest.mark.parametrize(
    ("poison", "kinds"),
    [
        ("update cohort set settings = '{}' where id = 'other'", EmailKind),
        ("update application set answers = answers - 'name' where cohort_id = 'other'", TO_PEOPLE),
    ],
    ids=["settings", "name"],
)
async def test_rows_that_cannot_be_read_stop_no_other_email(
    outbox: Delivery, relay: Relay, other: asyncpg.Pool, poison: str, kinds: Iterable[EmailKind]
) -> None:
    await other.execute(poison)
    await assert_others_leave(outbox, relay, [of_other_cohort(kind) for kind in kinds], "ValidationError")


async def test_templates_that_cannot_be_filled_stop_no_other_email(
    outbox: Delivery, relay: Relay, other: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = EmailWriter.write

    async def write(self: EmailWriter, order: QueuedEmail, key: LinkKey | None = None) -> OutgoingEmail | None:
        if not order.scope_id.startswith(OTHER):
            return await written(self, order, key)
        sample, *_ = samples(order.kind, SampleCast(SAMPLE_COHORT)).values()
        # The word that every template needs.
        return OutgoingEmail(rendering.render(sample.model_copy(update={"cohort": None})), SAMPLE_COHORT, NOBODY)

    monkeypatch.setattr(EmailWriter, "write", write)
    await assert_others_leave(outbox, relay, [of_other_cohort(kind) for kind in EmailKind], "AttributeError")
