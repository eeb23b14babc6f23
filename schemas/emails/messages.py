"""Emails on their way: as a workflow asks for them, and as they stand in the outbox. Never words of a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from schemas.base import FrozenModel, TemporalModel
from schemas.enums import EmailKind, EmailState, Recipient, StaffReason
from schemas.mentorship.responses import Link
from schemas.mentorship.state import EmailRequest

# As long as mail servers themselves keep trying (RFC 5321, 4.5.4.1).
GIVE_UP_AFTER = timedelta(days=5)
SENDER_SEEN_WITHIN = timedelta(minutes=3)


class QueuedEmail(EmailRequest):
    """An email of ``scope_id``: a mentorship, one of a cohort's people, or a cohort for notes about the whole of it.

    ``at`` is the moment it was due, ``now`` the program's clock when it was enqueued, ``automatic`` false where
    somebody's act brought it about; notes to staff have a ``reason`` and say which side they are ``about``.
    """

    scope_id: str
    now: AwareDatetime
    automatic: bool = True


class ClaimedEmail(QueuedEmail):
    """An email that a sender has claimed: ``first_attempt_at`` (the program's time) is its Date for good.

    ``attempts`` counts this attempt too; ``failing_since`` (real time) is when it first failed, if it did.
    ``link_key_id`` is the key that an attempt before made its links with, ``wording`` the version of the class's own
    words that the first attempt took, or 0.
    """

    cohort_id: str
    first_attempt_at: AwareDatetime
    attempts: int
    failing_since: AwareDatetime | None = None
    link_key_id: str | None = None
    wording: int = 0


class WrittenEmail(FrozenModel):
    """What is kept of an email before it leaves: its subject, and what comes back to it is known by.

    ``links`` are the hashes of its tokens with what they open, ``bounce_hash`` that of its envelope sender's token.
    """

    key: str
    subject: str
    links: tuple[tuple[bytes, Link], ...] = ()
    bounce_hash: bytes | None = None
    message_id: str | None = None
    link_key_id: str | None = None


class EnqueueEmails(TemporalModel):
    """Ask for emails of a scope to be enqueued; ``now`` is the program's clock."""

    scope_id: str
    now: AwareDatetime
    emails: tuple[EmailRequest, ...]

    def queued(self) -> Sequence[QueuedEmail]:
        """Return the emails as they will stand in the outbox."""
        return [QueuedEmail(scope_id=self.scope_id, now=self.now, **email.model_dump()) for email in self.emails]


class StuckEmail(TemporalModel):
    """An email that does not leave, as staff and operators see it; ``failure`` is a code or the name of an error."""

    key: str
    kind: str
    recipient: str
    state: EmailState
    attempts: int
    enqueued_at: AwareDatetime
    failing_since: AwareDatetime | None = None
    next_attempt_at: AwareDatetime | None = None
    failure: str | None = None


class OutboxEmail(FrozenModel):
    """An email as staff look back at it; ``milestones`` are those it asks about, ``failure`` a code, never words."""

    key: str
    scope_id: str
    kind: EmailKind
    recipient: Recipient
    subject: str
    milestones: tuple[str, ...]
    reason: StaffReason | None
    due_at: AwareDatetime
    sent_at: AwareDatetime | None
    state: EmailState
    failure: str | None


class SenderStatus(TemporalModel):
    """What all senders share: when one was last at work, and since when and why the relay accepts nothing."""

    seen_at: AwareDatetime
    paused_since: AwareDatetime | None = None
    pause_cause: str | None = None

    def is_at_work(self, now: datetime) -> bool:
        """Tell whether a sender is at work; each says so once a minute."""
        return now - self.seen_at < SENDER_SEEN_WITHIN
