"""What comes back to the mailbox for bounces. Never words of a person."""

from schemas.base import FrozenModel
from schemas.enums import IncomingKind


class IncomingEmail(FrozenModel):
    """One message as it was understood.

    ``token`` says which email it is about, ``failure`` is the code of a bounce, ``fingerprint`` the SHA-256 of the
    message.
    """

    kind: IncomingKind
    fingerprint: str
    token: str | None = None
    failure: str | None = None


class SoftBounced(FrozenModel):
    """Somebody whose address failed at least twice in a week without refusing emails for good."""

    cohort_id: str
    person: str
    bounces: int
    failure: str
