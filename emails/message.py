"""How an email becomes a message: the same bytes each time, and polite to mailboxes that answer by machine."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from domain.safe_text import one_line
from emails.rendering import Rendered

# Mail software and people both misread these in a display name.
_CONFUSING = str.maketrans(dict.fromkeys('@:,"<>;\\', " "))


def address(name: str, email: str) -> Address:
    """Return a header's address with a display name that mail software cannot misread."""
    username, _, domain = email.rpartition("@")
    return Address(display_name=one_line(name.translate(_CONFUSING)), username=username, domain=domain)


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of an email key: the same for each try, and without a word of whom it is for."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def compose(
    rendered: Rendered,
    *,
    sender: Address,
    recipient: Address,
    reply_to: Address,
    key: str,
    at: datetime,
    list_id: str,
    mentorship_root: str,
    calendar: bytes | None = None,
) -> EmailMessage:
    """Compose the message of an email; the same arguments give the same bytes.

    ``key`` is the email's unique key, ``at`` an aware datetime for its Date, ``list_id`` such as
    ``mile-2019.mile.example.org``. ``mentorship_root`` names the thread: a root that is never sent, so that all emails
    of one mentorship stand together. ``calendar`` is a calendar file (RFC 5545) that comes with it, to be looked at in
    the email and as a file.
    """
    message = EmailMessage(SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Reply-To"] = reply_to
    message["Subject"] = rendered.subject
    message["Date"] = at
    message["Message-ID"] = message_id(key, sender.domain)
    message["References"] = message_id(f"root/{mentorship_root}", sender.domain)
    message["List-Id"] = f"<{list_id}>"
    message["Feedback-ID"] = f"{rendered.kind}::{list_id}:mile"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, DR, RN, NRN, AutoReply"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if calendar is not None:
        _enclose(message, calendar)
    multiparts = (part for part in message.walk() if part.is_multipart())
    for depth, part in enumerate(multiparts):
        part.set_boundary(_boundary(key, depth))
    return message


def _enclose(message: EmailMessage, calendar: bytes) -> None:
    text = calendar.decode("utf-8")
    message.add_alternative(text, subtype="calendar", cte="base64", params={"method": "PUBLISH"})
    message.add_attachment(
        calendar, maintype="text", subtype="calendar", filename="kickoff.ics", params={"charset": "utf-8"}
    )


def _boundary(key: str, depth: int) -> str:
    named = f"boundary/{key}/{depth}" if depth else f"boundary/{key}"
    return f"=_{hashlib.sha256(named.encode()).hexdigest()[:32]}"
