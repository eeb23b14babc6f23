"""What comes back to the mailbox for bounces. Never words of a person."""

from pydantic import AwareDatetime, Field

from schemas.base import FrozenModel
from schemas.enums import IncomingKind, ReplyKind, Side


class RecipientReport(FrozenModel):
    """What a report (RFC 3464) says of one recipient; ``addresses`` are its final and its original one, if named."""

    kind: IncomingKind
    failure: str
    addresses: tuple[str, ...] = Field(default=(), repr=False)


class IncomingEmail(FrozenModel):
    """One message as it was understood.

    ``token`` or one of ``answered``, the Message-IDs that it answers, says which email it is about. ``failure`` is the
    code of a bounce, ``fingerprint`` the SHA-256 of the message. A bounce in plain words has no ``reports``.
    """

    kind: IncomingKind
    fingerprint: str
    token: str | None = None
    answered: tuple[str, ...] = ()
    failure: str | None = None
    reports: tuple[RecipientReport, ...] = ()


class SoftBounced(FrozenModel):
    """Somebody whose address failed within a week, and may fail for good."""

    cohort_id: str
    person: str
    bounces: int
    failure: str


class NotedReply(FrozenModel):
    """That somebody replied to an email: when, and from whom; without a side, from neither of the two."""

    received_at: AwareDatetime
    side: Side | None
    kind: ReplyKind


class RepliesInDigest(FrozenModel):
    """How many replies to emails of a scope came from one side, or from neither of the two."""

    scope_id: str
    side: Side | None
    count: int
