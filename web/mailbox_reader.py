"""The emails that the local stack's mailbox captured, read from its Maildir folder."""

import hashlib
import mailbox
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from domain.formatting import format_moment
from runtime.email_policy import REMEMBERING_HEADERS
from schemas.base import FrozenModel


class EmailSummary(FrozenModel):
    """One captured email in the list; ``to_id`` identifies the recipient in URLs, which must not contain an address."""

    key: str
    to: str
    to_id: str
    subject: str
    at: datetime

    @property
    def sent_at(self) -> str:
        """Return when the email was sent, for readers."""
        return format_moment(self.at, "UTC")


class CapturedEmail(FrozenModel):
    """One captured email in full."""

    envelope: EmailSummary
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    raw: str


def read_emails(folder: Path) -> list[EmailSummary]:
    """Return every captured email, newest first; an empty list where the folder does not exist yet."""
    if not folder.is_dir():
        return []
    # Headers only: a rehearsal leaves hundreds of emails, and the list shows no bodies.
    parse = BytesHeaderParser(policy=REMEMBERING_HEADERS).parsebytes
    maildir = mailbox.Maildir(folder, create=False)
    return sorted(
        (_envelope(key, parse(maildir.get_bytes(key))) for key in maildir.keys()),  # noqa: SIM118 - iterating opens each
        key=lambda envelope: (envelope.at, envelope.key),
        reverse=True,
    )


def read_email(folder: Path, key: str) -> CapturedEmail | None:
    """Return one captured email with its parts, or None where there is none of this key."""
    if not folder.is_dir():
        return None
    try:
        raw = mailbox.Maildir(folder, create=False).get_bytes(key)
    except KeyError:
        return None
    message = BytesParser(EmailMessage, policy=REMEMBERING_HEADERS).parsebytes(raw)
    return CapturedEmail(
        envelope=_envelope(key, message),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        raw=raw.decode("utf-8", errors="replace"),
    )


def _envelope(key: str, message: EmailMessage) -> EmailSummary:
    to = str(message["To"] or "")
    return EmailSummary(
        key=key,
        to=to,
        to_id=hashlib.sha256(to.encode()).hexdigest()[:12],
        subject=str(message["Subject"] or "(no subject)"),
        at=_date(message),
    )


def _date(message: EmailMessage) -> datetime:
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        # Anything can be sent to the mailbox by hand; an email without a date goes to the end of the list.
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
