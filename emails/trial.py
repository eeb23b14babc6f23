"""One plain email by which operators try the relay and the way beyond it."""

import uuid
from datetime import datetime
from email.utils import format_datetime

import aiosmtplib

from domain.safe_text import one_line
from emails import mime
from emails.headers import check_headers, header_block
from emails.message import address
from runtime.relay import smtp_client
from runtime.settings import Settings
from schemas.base import FrozenModel

SUBJECT = "MILE mentorship: test email"
TEXT = """This is a test email of the MILE mentorship program. You don't need to do anything.

Did it arrive in the inbox? Look at its source, too: SPF, DKIM and DMARC should each say "pass".
"""
ANSWERS_WITHIN_SECONDS = 20


class TrialResult(FrozenModel):
    """What the relay said to a test email: ``step`` is the one at which it said it."""

    accepted: bool
    relay: str
    step: str
    code: int | None
    words: str


async def send_trial(settings: Settings, recipient: str, now: datetime) -> TrialResult:
    """Send one plain email to an address past the outbox, and return the relay's last answer."""
    relay = f"{settings.smtp_host}:{settings.smtp_port}"
    step = "connect"

    def answered(*, accepted: bool, code: int | None, words: str) -> TrialResult:
        # A relay's words end up on a terminal.
        return TrialResult(accepted=accepted, relay=relay, step=step, code=code, words=one_line(words))

    connection = smtp_client(settings, timeout=ANSWERS_WITHIN_SECONDS)
    try:
        async with connection:
            step = "MAIL"
            await connection.mail(settings.bounces_address or settings.sender)
            step = "RCPT"
            await connection.rcpt(recipient)
            step = "DATA"
            reply = await connection.data(trial_message(settings, recipient, now))
            return answered(accepted=True, code=reply.code, words=reply.message)
    except aiosmtplib.SMTPResponseException as refused:
        return answered(accepted=False, code=refused.code, words=refused.message)
    except (OSError, aiosmtplib.SMTPException) as error:
        return answered(accepted=False, code=None, words=f"{type(error).__name__}: {error}")


def trial_message(settings: Settings, recipient: str, now: datetime) -> bytes:
    """Return the test email; each has a Message-ID of its own."""
    sender = address("MILE mentorship", settings.sender)
    mailboxes = {"From": sender, "To": address("", recipient)}
    others = {
        "Date": format_datetime(now),
        "Message-ID": f"<{uuid.uuid4().hex}@{sender.domain}>",
        "Auto-Submitted": "auto-generated",
    }
    message = header_block(mailboxes, SUBJECT, others) + mime.plain(TEXT)
    check_headers(message, mailboxes, SUBJECT, others, mime.PLAIN_HEADERS)
    return message
