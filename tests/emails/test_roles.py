"""Notes and digests go to whoever holds the role when they are written; coordinators read digests along."""

from datetime import UTC, date, datetime

import asyncpg
import pytest
from structlog.testing import capture_logs

from emails.samples import SAMPLE_COHORT
from schemas.cohort.roles import NewRoleHolder
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Phase, Recipient, StaffAccess, StaffReason
from schemas.mentorship.messages import RecordProgress
from storage import mentorships, roles
from tests.emails.relay import FULL, Delivery, Relay
from tests.emails.stored import NOW, PAIR, check_in

AT = datetime(2019, 9, 2, 14, tzinfo=UTC)


async def given(
    pool: asyncpg.Pool, access: StaffAccess, address: str, starts_on: str, ends_on: str | None = None
) -> None:
    new = NewRoleHolder(
        role="Mentorship Team",
        email=address,
        access=access,
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )
    await roles.add_holder(pool, SAMPLE_COHORT.id, new)


def digest(key: str = "digest", now: datetime = AT) -> QueuedEmail:
    return QueuedEmail(
        key=key, kind=EmailKind.STAFF_DIGEST, scope_id=SAMPLE_COHORT.id, to=Recipient.STAFF, at=AT, now=now
    )


async def something_to_tell(pool: asyncpg.Pool) -> None:
    concern = (StaffReason.NO_AGREEMENT,)
    await mentorships.record_progress(
        pool, RecordProgress(mentorship_id=PAIR, phase=Phase.ENABLING, concerns=concern, now=NOW)
    )


@pytest.mark.parametrize(
    ("scope", "reason"), [(PAIR, StaffReason.NOT_UNDERSTOOD), (SAMPLE_COHORT.id, StaffReason.REPORT_READY)]
)
async def test_a_note_goes_to_whoever_holds_the_role_and_names_it(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay, scope: str, reason: StaffReason
) -> None:
    await given(cohort, StaffAccess.CHAIR, "team@example.org", "2019-09-02")
    await given(cohort, StaffAccess.COORDINATOR, "one@example.org", "2019-01-01")
    note = digest().model_copy(update={"kind": EmailKind.STAFF_NOTE, "scope_id": scope, "reason": reason})
    assert await outbox.deliver(note) == ["sent"]
    assert relay.recipients == ["team@example.org"]
    (message,) = relay.messages
    assert message["Reply-To"] == "Mentorship Team <team@example.org>"
    for part in ("plain", "html"):
        body = message.get_body((part,))
        assert body
        words = body.get_content()
        assert "team@example.org" in words
        assert SAMPLE_COHORT.contact.email not in words


async def test_participants_are_told_to_ask_the_chair_and_nobody_who_has_another_role(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    await given(cohort, StaffAccess.CHAIR, "team@example.org", "2019-05-01")
    await given(cohort, StaffAccess.COORDINATOR, "one@example.org", "2019-06-01")
    await given(cohort, StaffAccess.READER, "two@example.org", "2019-07-01")
    assert await outbox.deliver(check_in(at=AT, automatic=True)) == ["sent"]
    (message,) = relay.messages
    assert message["Reply-To"] == "Mentorship Team <team@example.org>"


async def test_coordinators_read_the_digest_along_from_their_first_to_their_last_day(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    await something_to_tell(cohort)
    await given(cohort, StaffAccess.COORDINATOR, "one@example.org", "2019-09-02")
    await given(cohort, StaffAccess.COORDINATOR, "two@example.org", "2019-01-01", "2019-09-01")
    await given(cohort, StaffAccess.COORDINATOR, "later@example.org", "2019-09-03")
    await given(cohort, StaffAccess.COORDINATOR, SAMPLE_COHORT.contact.email, "2019-01-01")
    assert [await outbox.deliver(digest()) for _ in range(2)] == [["sent"], ["sent"]]
    assert relay.recipients == [SAMPLE_COHORT.contact.email, "one@example.org"]
    first, copy = relay.messages
    assert copy["To"].addresses[0].addr_spec == "one@example.org"
    assert (copy["Message-ID"], copy["Subject"]) == (first["Message-ID"], first["Subject"])


async def test_a_coordinators_full_mailbox_holds_nobody_up_and_nobodys_address_is_logged(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    await something_to_tell(cohort)
    await given(cohort, StaffAccess.COORDINATOR, FULL, "2019-09-01")
    await given(cohort, StaffAccess.COORDINATOR, "one@example.org", "2019-09-02")
    with capture_logs() as logs:
        assert await outbox.deliver(digest()) == ["sent"]
    assert relay.recipients == [SAMPLE_COHORT.contact.email, "one@example.org"]
    refused = {"event": "copy_refused", "log_level": "warning", "key": "digest", "failure": "452 4.2.2"}
    assert [entry for entry in logs if entry["log_level"] == "warning"] == [refused]


async def test_nobody_gets_a_copy_of_what_the_role_itself_did_not_get(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    await something_to_tell(cohort)
    await given(cohort, StaffAccess.CHAIR, FULL, "2019-09-01")
    await given(cohort, StaffAccess.COORDINATOR, "one@example.org", "2019-09-02")
    assert await outbox.deliver(digest()) == ["queued"]
    assert relay.accepted == []


async def test_a_deferred_digest_goes_to_whoever_holds_the_role_by_then(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    await something_to_tell(cohort)
    await given(cohort, StaffAccess.CHAIR, FULL, "2019-09-01", "2019-09-02")
    assert await outbox.deliver(digest()) == ["queued"]
    tomorrow = datetime(2019, 9, 3, 14, tzinfo=UTC)
    await cohort.execute("update outbox set requested_at = $1, next_attempt_at = now()", tomorrow)
    assert await outbox.deliver(digest()) == ["sent"]
    assert relay.recipients == [SAMPLE_COHORT.contact.email]
