"""The body of an email as MIME parts (RFC 2045), written by hand.

The standard library builds a tree of messages and parses each header that it writes: three times the work of rendering
the email. The tests read what is written here with the standard library.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence

from emails.calendar_file import CalendarFile, CalendarMethod

CRLF = b"\r\n"
PLAIN_HEADERS = frozenset({"MIME-Version", "Content-Type", "Content-Transfer-Encoding"})


def body(text: str, html: str, files: Sequence[CalendarFile], key: str) -> bytes:
    """Return MIME headers, an empty line and the parts: the words in both forms, and calendar files beside them.

    A single file that asks for an answer, or else the last one, is also a form of the words, so that a mailbox shows
    it. ``key`` is the email's key, from which the boundaries are derived.
    """
    forms = [_words("plain", text), _words("html", html), *([_calendar(_shown(files))] if files else [])]
    words = _multipart("alternative", forms, _boundary(key, 1 if files else 0))
    if not files:
        return b"MIME-Version: 1.0" + CRLF + words
    return b"MIME-Version: 1.0" + CRLF + _multipart("mixed", [words, *map(_attached, files)], _boundary(key, 0))


def plain(text: str) -> bytes:
    """Return MIME headers, an empty line and a text without other forms."""
    return b"MIME-Version: 1.0" + CRLF + _words("plain", text)


def _multipart(subtype: str, parts: Sequence[bytes], boundary: str) -> bytes:
    line = f"--{boundary}".encode()
    header = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"'.encode() + CRLF * 2
    return header + b"".join(line + CRLF + part + CRLF for part in parts) + line + b"--" + CRLF


def _words(subtype: str, words: str) -> bytes:
    lines = CRLF.join(words.encode("utf-8").splitlines()) + CRLF
    return _part(f"text/{subtype}; charset=utf-8", "quoted-printable", binascii.b2a_qp(lines, istext=True))


def _shown(files: Sequence[CalendarFile]) -> CalendarFile:
    asking = [file for file in files if file.method is CalendarMethod.REQUEST]
    return asking[0] if len(asking) == 1 else files[-1]


def _calendar(file: CalendarFile, *more: str) -> bytes:
    return _part(file.media_type, "base64", base64.encodebytes(file.content).replace(b"\n", CRLF), *more)


def _attached(file: CalendarFile) -> bytes:
    return _calendar(file, f'Content-Disposition: attachment; filename="{file.name}"')


def _part(media_type: str, encoding: str, content: bytes, *more: str) -> bytes:
    headers = (f"Content-Type: {media_type}", f"Content-Transfer-Encoding: {encoding}", *more)
    return CRLF.join(header.encode("ascii") for header in headers) + CRLF * 2 + content


def _boundary(key: str, depth: int) -> str:
    named = f"boundary/{key}/{depth}" if depth else f"boundary/{key}"
    return f"=_{hashlib.sha256(named.encode()).hexdigest()[:32]}"
