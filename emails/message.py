"""How an email becomes a message: the same bytes each time, and polite to mailboxes that answer by machine."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.utils import format_datetime

from domain.safe_text import encodable, one_line
from emails import mime
from emails.calendar_file import CalendarFile
from emails.headers import check_address, check_headers, check_list_id, check_url, header_block
from emails.rendering import Rendered

# The headers of the body; none of them holds anybody's words.
_MIME = frozenset({"Content-Type", "MIME-Version"})


def address(name: str, email: str) -> Address:
    """Return a header's address under a name as it was typed, on one line. Raises InvalidHeader."""
    username, _, domain = check_address("address", email).rpartition("@")
    return Address(display_name=one_line(name), username=username, domain=domain)


def message_id(secret: bytes, key: str, domain: str) -> str:
    """Return the Message-ID of an email key: the same for each try, and known only to those who have the email.

    A reply that quotes it is taken for one to that email, so it must not be computable from the key (RFC 2104).
    """
    digest = hmac.digest(secret, f"message id\0{key}".encode(), hashlib.sha256)
    return f"<{digest[:16].hex()}@{domain}>"


def thread_id(scope: str, domain: str) -> str:
    """Return the id of the thread of a mentorship's emails: the root, which is never sent and which no reply is to."""
    return f"<{hashlib.sha256(f'root/{scope}'.encode()).hexdigest()[:32]}@{domain}>"


def compose(
    rendered: Rendered,
    *,
    sender: Address,
    recipient: Address,
    reply_to: Address,
    key: str,
    message_id: str,
    at: datetime,
    list_id: str,
    mentorship_root: str,
    calendar: Sequence[CalendarFile] = (),
    list_unsubscribe: str | None = None,
) -> bytes:
    """Compose an email as it goes to the relay; the same arguments give the same bytes.

    ``key`` is the email's unique key, ``message_id`` what replies quote, ``at`` an aware datetime for its Date,
    ``list_id`` such as ``mile-2019.mile.example.org``. ``mentorship_root`` names the thread: a root that is never sent,
    so that all emails of one mentorship stand together. ``calendar`` are calendar files that come with it; a single one
    that asks for an answer, or else the last, is also looked at in the email. ``list_unsubscribe`` is the URL that
    a POST unsubscribes at (RFC 8058).

    Raises InvalidHeader where a header would not be read as it was meant.
    """
    mailboxes = {"From": sender, "To": recipient, "Reply-To": reply_to}
    subject = one_line(rendered.subject)
    others = {
        "Date": format_datetime(at),
        "Message-ID": message_id,
        "References": thread_id(mentorship_root, sender.domain),
        "List-Id": f"<{check_list_id(list_id)}>",
        "Content-Language": rendered.language,
        "Feedback-ID": f"{rendered.kind}::{list_id}:mile",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, DR, RN, NRN, AutoReply",
    }
    if list_unsubscribe is not None:
        others["List-Unsubscribe"] = f"<{check_url(list_unsubscribe)}>"
        others["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = header_block(mailboxes, subject, others) + _body(rendered, key, calendar)
    check_headers(message, mailboxes, subject, others, _MIME)
    return message


def _body(rendered: Rendered, key: str, calendar: Sequence[CalendarFile]) -> bytes:
    return mime.body(encodable(rendered.text), encodable(rendered.html), calendar, key)
