"""Understanding what arrives in the mailbox for bounces: bounces, automatic replies, and people's replies. Pure."""

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from html import unescape

from emails.bounces import Bounce, bounce_of, is_from_mail_server
from emails.return_path import returned_token
from schemas.emails.incoming import IncomingEmail
from schemas.enums import IncomingKind

# Reports say what they say at their beginning. The standard library's parser needs 5 s for a hostile megabyte.
READ_BYTES = 128 * 1024
_TEXT_CHARACTERS = 20_000
_MOST_MULTIPARTS = 50
_TAGS = re.compile(r"</?([A-Za-z]{0,20})[^<>]*>")
# Where mail servers note the envelope's recipient; the To of a report is the envelope sender of what it reports.
_RECIPIENT_HEADERS = ("To", "Cc", "Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "X-Delivered-To")
# As emails.message.message_id makes them.
_MESSAGE_ID = re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9.-]{1,253}>")
_MOST_ANSWERED = 20
_AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Vacation")
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(re: )?(automatic reply|auto(matic)?[- ]?(reply|response|responder)|out[ -]of[ -](the[ -])?office|ooo\b"
    r"|on vacation|i('m| am) (away|out)|away from (the|my) )",
    re.IGNORECASE,
)


def read_incoming(raw: bytes, bounces_address: str) -> IncomingEmail:
    """Return what a message is; of a long one only the beginning is read, and one that nobody can read is none of ours.

    ``bounces_address`` is the address whose ``+token`` variants are our envelope senders.
    """
    fingerprint = hashlib.sha256(raw).hexdigest()
    head = raw[:READ_BYTES]
    # Parts within parts, hundreds deep, take the parser seconds.
    if head.lower().count(b"boundary=") > _MOST_MULTIPARTS:
        return IncomingEmail(kind=IncomingKind.UNRECOGNIZED, fingerprint=fingerprint)
    try:
        # compat32 leaves headers as they are: other policies parse them, and some headers without end.
        return _read(message_from_bytes(head, policy=compat32), fingerprint, bounces_address)
    # Such as an encoding that does not exist.
    except (RecursionError, LookupError, ValueError):
        return IncomingEmail(kind=IncomingKind.UNRECOGNIZED, fingerprint=fingerprint)


def _read(message: Message, fingerprint: str, bounces_address: str) -> IncomingEmail:
    token = returned_token(bounces_address, "\n".join(_values(message, _RECIPIENT_HEADERS)))
    automatic = _is_automatic(message)
    bounce = _bounce(message, automatic=automatic)
    answered = tuple(_MESSAGE_ID.findall("\n".join(_values(message, ("In-Reply-To", "References"))))[-_MOST_ANSWERED:])
    if token is None and (bounce or not answered):
        return IncomingEmail(kind=IncomingKind.UNRECOGNIZED, fingerprint=fingerprint)
    if bounce:
        return IncomingEmail(fingerprint=fingerprint, token=token, answered=answered, **dict(bounce))
    kind = IncomingKind.AUTOMATIC_REPLY if automatic else IncomingKind.REPLY
    return IncomingEmail(kind=kind, fingerprint=fingerprint, token=token, answered=answered)


def _bounce(message: Message, *, automatic: bool) -> Bounce | None:
    # A report is an automatic reply, too, and says so; what is neither report nor written by a server comes last.
    has_report = message.get_content_type() == "multipart/report" and _report_type(message) == "delivery-status"
    if has_report or is_from_mail_server(message) or not automatic:
        return bounce_of(message, text_of(message))
    return None


def _report_type(message: Message) -> str:
    return str(message.get_param("report-type", "delivery-status")).lower()


def _is_automatic(message: Message) -> bool:
    submitted = str(message["Auto-Submitted"] or "no").split(";")[0].strip().lower()
    precedence = str(message["Precedence"] or "").strip().lower()
    return (
        submitted != "no"
        or precedence in {"auto_reply", "bulk", "junk"}
        or any(message[name] is not None for name in _AUTOMATIC_HEADERS)
        or bool(_AUTOMATIC_SUBJECT.match(str(message["Subject"] or "")))
        # A receipt (RFC 8098) or a complaint (RFC 5965).
        or message.get_content_type() == "multipart/report"
    )


def _values(message: Message, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield from (str(value)[:_TEXT_CHARACTERS] for value in message.get_all(name, ()))


def text_of(message: Message) -> str:
    """Return the beginning of a message's words: its plain text, else its HTML without the tags."""
    plain = "".join(_contents(message, "plain"))
    return (plain or unescape(_TAGS.sub(_break, "".join(_contents(message, "html")))))[:_TEXT_CHARACTERS]


def _contents(message: Message, subtype: str) -> Iterator[str]:
    length = 0
    for part in message.walk():
        if part.get_content_type() == f"text/{subtype}" and length < _TEXT_CHARACTERS:
            payload = part.get_payload(decode=True)
            words = _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
            length += len(words)
            yield words


def _decoded(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode(charset or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


def _break(tag: re.Match[str]) -> str:
    return "\n" if tag[1].lower() in {"br", "p", "div", "tr", "li"} else ""
