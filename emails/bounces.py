"""What a bounce says: a report (RFC 3464), or the plain words of servers that write none. Pure."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from emails.smtp import AddressRefused, DeliveryFailed, delivery_failure
from schemas.addresses import comparable
from schemas.base import FrozenModel
from schemas.emails.incoming import RecipientReport
from schemas.enums import IncomingKind

_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})")
_SMTP_REPLY = re.compile(r"(?:smtp|lmtp|x-[\w-]+)\s*;\s*([45]\d\d)[ -]?(.*)", re.IGNORECASE | re.DOTALL)
# A status code of its own or after the "#" of qmail, never the middle of an IP address or a version.
_CODE_IN_WORDS = re.compile(r"(?<![\d.])([45]\.\d{1,2}\.\d{1,3})(?![\d.]*\d)")
# Without an enhanced code, a number may also be half of a telephone number: only a mail server is believed then.
_REPLY_IN_WORDS = re.compile(
    r"(?<![\d.])(421|45[0-2]|50[0-4]|521|55[0-46])[ -]+#?([45]\.\d{1,2}\.\d{1,3})?([^\n]{0,200})"
)
_MAILER = re.compile(r"mailer-daemon|postmaster|mail delivery|mail-daemon", re.IGNORECASE)
_DELAYED_SUBJECT = re.compile(r"delay|warning|still being retried|not yet", re.IGNORECASE)
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_PERMANENT, _TEMPORARY = 550, 450


class Bounce(FrozenModel):
    """What a bounce says of an email, its code such as ``550 5.1.1``, and what a report says of each recipient."""

    kind: IncomingKind
    failure: str
    reports: tuple[RecipientReport, ...] = ()


def bounce_of(message: Message, text: str) -> Bounce | None:
    """Return what a message says as a bounce, or None where it is none; ``text`` is its beginning in plain words."""
    reports = tuple(_reported(message))
    if reports:
        worst = mildest(reports)
        return Bounce(kind=worst.kind, failure=worst.failure, reports=reports)
    # A person may write from an address such as postmaster@, and of a telephone number.
    if is_from_mail_server(message) and (has_null_sender(message) or message["Auto-Submitted"]):
        return _plain(message, text)
    return _plain(message, text) if has_null_sender(message) and _CODE_IN_WORDS.search(text) else None


def is_from_mail_server(message: Message) -> bool:
    """Tell whether a message says that a mail server wrote it."""
    return bool(_MAILER.search(str(message["From"] or "")))


def has_null_sender(message: Message) -> bool:
    """Tell whether nobody wants to hear what becomes of a message (RFC 5321, 4.5.5)."""
    return str(message["Return-Path"] or "").strip() == "<>"


def _reported(message: Message) -> Iterator[RecipientReport]:
    """Yield what a report says of each recipient; its first block is about the message."""
    for part in message.walk():
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else ():
                if isinstance(block, Message) and block["Action"]:
                    said = _of_recipient(block)
                    yield RecipientReport(kind=said.kind, failure=said.failure, addresses=tuple(_addresses(block)))


def _addresses(block: Message) -> Iterator[str]:
    """Yield the recipient's addresses: where the email ended, and the one that its sender wrote to (RFC 3464, 2.3)."""
    # Raw, because an address of another script stands there in UTF-8 (RFC 6533, 3), which compat32 hides.
    for name, value in block.raw_items():
        if name.lower() in {"original-recipient", "final-recipient"}:
            raw = str(value).encode("ascii", "surrogateescape").decode("utf-8", "replace")
            kind, _, address = raw.partition(";")
            if kind.strip().lower() in {"rfc822", "utf-8"}:
                address = address.strip().removeprefix("<").removesuffix(">")
                yield comparable(address)
                # Some servers leave the original one encoded as they got it (RFC 3461, 4).
                yield comparable(_XTEXT.sub(lambda code: chr(int(code[1], 16)), address))


def _of_recipient(block: Message) -> Bounce:
    action = str(block["Action"]).strip().lower()
    status = _STATUS.match(str(block["Status"] or ""))
    code = status[1] if status else {"failed": "5.0.0", "delayed": "4.0.0"}.get(action, "2.0.0")
    reply = _SMTP_REPLY.match(str(block["Diagnostic-Code"] or "").strip())
    if action == "failed":
        return _failed(code, reply)
    if action == "delayed":
        return Bounce(kind=IncomingKind.DELAYED, failure=f"{_TEMPORARY} 4{code[1:]}")
    return Bounce(kind=IncomingKind.DELIVERED, failure=code)


def _failed(status: str, reply: re.Match[str] | None) -> Bounce:
    """Return whose fault a delivery is that was given up; a server that only waited too long speaks of no address."""
    if status.startswith("4"):
        return Bounce(kind=IncomingKind.NOT_DELIVERED, failure=f"{_TEMPORARY} {status}")
    number, words = (int(reply[1]), " ".join(reply[2].split())) if reply else (_PERMANENT, "")
    # The server that refused it knows best; without a code of its own, the one that reports does.
    if not _STATUS.match(words) and not status.endswith(".0.0"):
        words = f"{status} {words}"
    return _refused(max(number, 500), words)


def _refused(number: int, words: str) -> Bounce:
    refused: DeliveryFailed = delivery_failure(number, words, at_recipient=True)
    by_address = isinstance(refused, AddressRefused)
    kind = IncomingKind.ADDRESS_REFUSED if by_address else IncomingKind.NOT_DELIVERED
    return Bounce(kind=kind, failure=refused.failure)


# From what concerns nobody to what staff have to act on.
_GRAVITY = (
    IncomingKind.DELIVERED,
    IncomingKind.DELAYED,
    IncomingKind.NOT_DELIVERED,
    IncomingKind.ADDRESS_REFUSED,
)


def mildest(reports: Sequence[RecipientReport]) -> RecipientReport:
    """Return what holds of an address that was forwarded to several: it is dead only where all of them are."""
    return min(reports, key=lambda each: _GRAVITY.index(each.kind))


def _plain(message: Message, text: str) -> Bounce | None:
    """Return what plain words say: the first SMTP reply in them, or the first status code."""
    if reply := _REPLY_IN_WORDS.search(text):
        number, status, words = int(reply[1]), reply[2], reply[3]
    elif status_code := _CODE_IN_WORDS.search(text):
        status, words = status_code[1], ""
        number = _PERMANENT if status.startswith("5") else _TEMPORARY
    else:
        return None
    if number < 500 or _DELAYED_SUBJECT.search(str(message["Subject"] or "")):
        return Bounce(kind=IncomingKind.DELAYED, failure=f"{number} {status}" if status else str(number))
    return _refused(number, f"{status} {words}" if status else words)
