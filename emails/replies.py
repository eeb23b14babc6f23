"""What a person's reply says: from whom, to whom, and what it seems to ask for. Pure."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from domain.safe_text import SafeLine, text_lines
from emails.headers import check_address
from emails.incoming import READ_BYTES, text_of
from schemas.base import FrozenModel
from schemas.enums import ReplyKind
from schemas.errors import InvalidHeader

_MOST_LINES = 200
_NO_MORE = re.compile(
    r"\s*(please )?(stop|unsubscribe|no more\b|remove me|take me off|(do not|don.t) (e-?mail|write|contact))",
    re.IGNORECASE,
)
_NEW_ADDRESS = re.compile(
    r"\b(new|changed?|different|updated?)( my)? (e-?mail )?address|\bnew e-?mail\b"
    r"|\bno longer (use|check|read|work|with)\b",
    re.IGNORECASE,
)
# What a calendar sends where somebody answers an invitation (RFC 5546, 3.2.3).
_CALENDAR_REPLY = re.compile(rb"^METHOD:REPLY\s*$", re.IGNORECASE | re.MULTILINE)
_PARTSTAT = re.compile(
    rb"^ATTENDEE[^\r\n]{0,500};PARTSTAT=\"?(ACCEPTED|TENTATIVE|DECLINED)", re.IGNORECASE | re.MULTILINE
)
_CALENDAR_ANSWERS = {
    b"ACCEPTED": ReplyKind.CALENDAR_ACCEPTED,
    b"TENTATIVE": ReplyKind.CALENDAR_TENTATIVE,
    b"DECLINED": ReplyKind.CALENDAR_DECLINED,
}
_QUOTED = re.compile(r"\s*(>|-{4,}|_{8,}|On .{0,200} wrote:|From: )")


class Reply(FrozenModel):
    """A reply as it is passed on; ``address`` is None where nobody could answer it, ``lines`` are the writer's own."""

    kind: ReplyKind
    address: str | None
    written_to: tuple[str, ...]
    lines: tuple[SafeLine, ...]
    attachments: int


def read_reply(raw: bytes, *, automatic: bool) -> Reply:
    """Return what a reply says; of a long one, what its beginning says."""
    message = message_from_bytes(raw[:READ_BYTES], policy=compat32)
    own = _own_lines(text_of(message))
    address = _address_of(message)
    written_to = tuple(each.lower() for _, each in getaddresses([*_all(message, "To"), *_all(message, "Cc")]))
    return Reply(
        kind=_calendar_answer(message) or _kind(own, automatic=automatic),
        address=address,
        written_to=written_to,
        lines=own,
        attachments=sum(part.get_content_disposition() == "attachment" for part in message.walk()),
    )


def _calendar_answer(message: Message) -> ReplyKind | None:
    for part in message.walk():
        content = part.get_payload(decode=True) if part.get_content_type() == "text/calendar" else None
        # A long line goes on after a line break and a space (RFC 5545, 3.1).
        unfolded = re.sub(rb"\r?\n[ \t]", b"", content) if isinstance(content, bytes) else b""
        if _CALENDAR_REPLY.search(unfolded) and (found := _PARTSTAT.search(unfolded)):
            return _CALENDAR_ANSWERS[found[1].upper()]
    return None


def _kind(lines: tuple[str, ...], *, automatic: bool) -> ReplyKind:
    words = "\n".join(lines)
    if _NEW_ADDRESS.search(words):
        return ReplyKind.NEW_ADDRESS
    if automatic:
        return ReplyKind.AUTOMATIC
    first = next((line for line in lines if line.strip()), "")
    return ReplyKind.NO_MORE_EMAILS if _NO_MORE.match(first) else ReplyKind.MESSAGE


def _own_lines(text: str) -> tuple[str, ...]:
    """Return what stands above the first quoted line."""
    lines = text_lines(text)
    end = next((number for number, line in enumerate(lines) if _QUOTED.match(line)), len(lines))
    return tuple(lines[: min(end, _MOST_LINES)])


def _address_of(message: Message) -> str | None:
    addresses = getaddresses(_all(message, "Reply-To") or _all(message, "From"))
    try:
        return check_address("Reply-To", addresses[0][1]) if addresses else None
    except InvalidHeader:
        return None


def _all(message: Message, name: str) -> list[str]:
    return [str(value)[:2_000] for value in message.get_all(name, ())]
