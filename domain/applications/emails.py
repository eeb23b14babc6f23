"""Requests for emails about somebody's place in a cohort; the key names the recipient and what the email is about."""

from datetime import datetime

from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, Side
from schemas.ids import applicant_scope, email_key


def applicant_email_request(
    cohort_id: str,
    person_id: str,
    side: Side,
    kind: EmailKind,
    about: str,
    *,
    at: datetime,
    now: datetime,
    occurrence: int = 0,
    automatic: bool = True,
) -> QueuedEmail:
    """Return the request for an email; the same person, kind, ``about`` and ``occurrence`` are the same email."""
    scope, to = applicant_scope(cohort_id, person_id), Recipient(side)
    key = email_key(scope, kind, about, to, occurrence)
    return QueuedEmail(key=key, kind=kind, scope_id=scope, to=to, at=at, now=now, automatic=automatic)
