"""What is asked of the email queue: ids, dates and enumerations, never words of a person."""

from datetime import timedelta

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.enums import EmailOutcome
from schemas.mentorship.state import EmailRequest

RETRY_EVERY = timedelta(minutes=30)
# As long as mail servers themselves keep trying (RFC 5321, 4.5.4.1).
GIVE_UP_AFTER = timedelta(days=5)
MAX_ATTEMPTS = GIVE_UP_AFTER // RETRY_EVERY


class SendEmail(EmailRequest):
    """Ask for one email of ``scope_id``: a mentorship, or a cohort for notes about the whole of it.

    ``at`` is the moment it was due, ``now`` the program's clock at the asking, ``automatic`` false where somebody's
    act brought it about; notes to staff have a ``reason`` and say which side they are ``about``.
    """

    scope_id: str
    now: AwareDatetime
    automatic: bool = True


class EmailResult(TemporalModel):
    """What became of an email."""

    state: EmailOutcome
