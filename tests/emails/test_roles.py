"""Notes and digests go to whoever holds the role when they are written; coordinators read digests along."""

import asyncio
import email
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from email.policy import default
from typing import Any

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from structlog.testing import capture_logs

from emails.outbox import Outbox
from emails.samples import SAMPLE_COHORT
from runtime.settings import Settings
from schemas.cohort.roles import NewRoleHolder
from schemas.emails.messages import SendEmail
from schemas.enums import EmailKind, Phase, Recipient, StaffReason
from schemas.mentorship.messages import RecordProgress
from storage import mentorships, roles
from tests.emails.stored import NOW, PAIR

AT = datetime(2019, 9, 2, 14, tzinfo=UTC)
FULL = "full@example.org"


class Taken:
    """A relay's handler that keeps whom each message went to, what it says, and whom answers go to."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, Any]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == FULL:
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        message = email.message_from_bytes(envelope.original_content or b"", policy=default)
        self.arrived += [(to, message) for to in envelope.rcpt_tos]
        return "250 taken"

    @property
    def recipients(self) -> list[str]:
        return [to for to, _ in self.arrived]


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


async def given(pool: asyncpg.Pool, role: str, address: str, starts_on: str, ends_on: str | None = None) -> None:
    new = NewRoleHolder(
        role=role,
        email=address,
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )
    await roles.add_holder(pool, SAMPLE_COHORT.id, new)


def digest(key: str = "digest", now: datetime = AT) -> SendEmail:
    return SendEmail(
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
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken, scope: str, reason: StaffReason
) -> None:
    await given(cohort, "Mentorship Team", "team@example.org", "2019-09-02")
    await given(cohort, "Coordinator", "one@example.org", "2019-01-01")
    note = digest().model_copy(update={"kind": EmailKind.STAFF_NOTE, "scope_id": scope, "reason": reason})
    assert (await outbox.send(note)).state == "sent"
    ((to, message),) = taken.arrived
    assert to == "team@example.org"
    assert message["Reply-To"] == "Mentorship Team <team@example.org>"
    for part in ("plain", "html"):
        words = message.get_body((part,)).get_content()
        assert "team@example.org" in words
        assert SAMPLE_COHORT.contact.email not in words


async def test_coordinators_read_the_digest_along_from_their_first_to_their_last_day(
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken
) -> None:
    await something_to_tell(cohort)
    await given(cohort, "Coordinator", "one@example.org", "2019-09-02")
    await given(cohort, "coordinator", "two@example.org", "2019-01-01", "2019-09-01")
    await given(cohort, "Coordinator", "later@example.org", "2019-09-03")
    await given(cohort, "Coordinator", SAMPLE_COHORT.contact.email, "2019-01-01")
    assert [(await outbox.send(digest())).state for _ in range(2)] == ["sent", "already_sent"]
    assert taken.recipients == [SAMPLE_COHORT.contact.email, "one@example.org"]
    first, copy = (message for _, message in taken.arrived)
    assert copy["To"].addresses[0].addr_spec == "one@example.org"
    assert (copy["Message-ID"], copy["Subject"]) == (first["Message-ID"], first["Subject"])


async def test_a_coordinators_full_mailbox_holds_nobody_up_and_nobodys_address_is_logged(
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken
) -> None:
    await something_to_tell(cohort)
    await given(cohort, "Coordinator", FULL, "2019-09-01")
    await given(cohort, "Coordinator", "one@example.org", "2019-09-02")
    with capture_logs() as logs:
        assert (await outbox.send(digest())).state == "sent"
    assert taken.recipients == [SAMPLE_COHORT.contact.email, "one@example.org"]
    assert logs == [{"event": "copy_refused", "log_level": "warning", "key": "digest", "code": 452}]


async def test_nobody_gets_a_copy_of_what_the_role_itself_did_not_get(
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken
) -> None:
    await something_to_tell(cohort)
    await given(cohort, "Mentorship Team", FULL, "2019-09-01")
    await given(cohort, "Coordinator", "one@example.org", "2019-09-02")
    assert (await outbox.send(digest())).state == "deferred"
    assert taken.arrived == []


async def test_a_deferred_digest_goes_to_whoever_holds_the_role_by_then(
    cohort: asyncpg.Pool, outbox: Outbox, taken: Taken
) -> None:
    await something_to_tell(cohort)
    await given(cohort, "Mentorship Team", FULL, "2019-09-01", "2019-09-02")
    assert (await outbox.send(digest())).state == "deferred"
    tomorrow = datetime(2019, 9, 3, 14, tzinfo=UTC)
    assert (await outbox.send(digest(now=tomorrow))).state == "sent"
    assert taken.recipients == [SAMPLE_COHORT.contact.email]
