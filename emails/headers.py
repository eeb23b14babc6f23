"""The header block of an email (RFC 5322), written and read back without the standard library's header classes.

Those parse a header's text before they write it. Python 3.11.7 thereby decodes "=?utf-8?q?=0D=0ABcc=3A…?=" in a name
and writes the line break out (python/cpython#121650), leaves the quotes off a long name (#80222), and takes 42 s for a
name of 16,000 characters. Here a name stands as the characters typed, in time linear in its length.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from email.header import decode_header
from email.headerregistry import Address

from domain.safe_text import one_line
from schemas.errors import InvalidHeader

CRLF = "\r\n"
# RFC 5322, 2.1.1: the length to stay below, and the longest one allowed.
LINE, LONGEST_LINE = 78, 998
# RFC 2047, 2: of an encoded-word, and of a line with one.
ENCODED_WORD, LINE_WITH_ENCODED_WORD = 75, 76

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = rf"{_ATEXT}(?:\.{_ATEXT})*"
_ADDRESS = re.compile(rf"{_DOT_ATOM}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
# RFC 5321, 4.5.3.1.3: a path has 256 octets, its angle brackets among them.
_LONGEST_ADDRESS = 254
_LIST_ID = re.compile(_DOT_ATOM)
# RFC 2919, 2.
_LONGEST_LIST_ID = 255
# RFC 3986, 2: other characters are percent-encoded; a comma would separate two URLs (RFC 2369, 2).
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+;=%-]+")
_ATOMS = re.compile(rf"{_ATEXT}(?: {_ATEXT})*")
_PRINTABLE = re.compile(r"[ -~]*")
_QUOTED_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ENCODED_WORDS = re.compile(r"=\?utf-8\?[qb]\?[!->@-~]*\?=(?: =\?utf-8\?[qb]\?[!->@-~]*\?=)*")
_FIELD = re.compile(r"([A-Za-z-]+): ?(.*)")
# Those that may stand for themselves in the encoded-word of a name (RFC 2047, 5).
_PLAIN_IN_Q = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def check_address(header: str, addr_spec: str) -> str:
    """Return an address that can stand in a header. Raises InvalidHeader."""
    if len(addr_spec) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(addr_spec):
        raise InvalidHeader(header, "its address is not one of plain ASCII")
    return addr_spec


def check_list_id(list_id: str) -> str:
    """Return the id of a list (RFC 2919). Raises InvalidHeader."""
    if len(list_id) > _LONGEST_LIST_ID or not _LIST_ID.fullmatch(list_id):
        raise InvalidHeader("List-Id", "it is not one of letters, digits and dots")
    return list_id


def check_url(url: str) -> str:
    """Return the URL of List-Unsubscribe. Raises InvalidHeader."""
    if not _URL.fullmatch(url):
        raise InvalidHeader("List-Unsubscribe", "it is no URL")
    return url


def header_block(mailboxes: Mapping[str, Address], subject: str, others: Mapping[str, str]) -> bytes:
    """Return header lines in the order given, without the empty line after them.

    ``mailboxes`` are headers of one address each, ``others`` those that hold ids and dates, which are never encoded.
    Raises InvalidHeader.
    """
    lines = [_mailbox(name, address) for name, address in mailboxes.items()]
    lines.append(_free_text("Subject", subject))
    lines.extend(_machine_readable(name, value) for name, value in others.items())
    return "".join(line + CRLF for line in lines).encode("ascii")


def check_headers(
    message: bytes, mailboxes: Mapping[str, Address], subject: str, others: Mapping[str, str], mime: frozenset[str]
) -> None:
    """Read a message's headers back. Raises InvalidHeader unless they are what header_block was given, and ``mime``.

    The standard library's parser is no judge here: on Python 3.11 it is as slow as its writer, and its recursion ends
    at headers of some thousand characters. So lines are unfolded and told apart by what RFC 5322 says, and a value
    passes only in one of the few forms that are written here: each of them is far narrower than what RFC 5322 allows,
    so that no reader can find a second address in it. Encoded-words are decoded by the standard library, for which
    they are only text.
    """
    fields = _unfolded(message.partition(b"\r\n\r\n")[0])
    names = [name for name, _ in fields]
    ours = [*mailboxes, "Subject", *others]
    if names[: len(ours)] != ours or sorted(names[len(ours) :]) != sorted(mime):
        raise InvalidHeader("block", "it does not consist of the headers it should")
    values = dict(fields)
    for name, address in mailboxes.items():
        if _read_mailbox(name, values[name]) != (address.display_name, address.addr_spec):
            raise InvalidHeader(name, "read back it is another mailbox")
    if _read_words("Subject", values["Subject"]) != subject:
        raise InvalidHeader("Subject", "read back it is another one")
    for name, value in others.items():
        if values[name] != value:
            raise InvalidHeader(name, "read back it is another one")


def _mailbox(name: str, address: Address) -> str:
    addr_spec = check_address(name, address.addr_spec)
    words = _safe(name, address.display_name)
    if not words:
        return f"{name}: {addr_spec}"
    line = _folded(f"{name}: {_phrase(words)}")
    if not _PRINTABLE.fullmatch(words) or "=?" in words or _longest(line) > LINE:
        line = _encoded(name, words)
    last = line.rpartition(CRLF)[2]
    room = (LINE_WITH_ENCODED_WORD if "=?" in line else LINE) - len(last)
    return f"{line} <{addr_spec}>" if len(addr_spec) + 3 <= room else f"{line}{CRLF} <{addr_spec}>"


def _folded(line: str) -> str:
    """Fold a line at its spaces (RFC 5322, 2.2.3), also within quotes.

    A long name needs no encoding then, and readers agree on it: Python's puts a space between two encoded-words of a
    name.
    """
    header, *words = line.split(" ")
    pieces, length = [header], len(header)
    for position, word in enumerate(words):
        # The first word stays beside the header's name: a line of the name alone is more than some readers expect.
        folds = position > 0 and length + 1 + len(word) > LINE
        pieces.append(f"{CRLF} {word}" if folds else f" {word}")
        length = 1 + len(word) + (0 if folds else length)
    return "".join(pieces)


def _longest(folded: str) -> int:
    return max(map(len, folded.split(CRLF)))


def _phrase(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return words if _ATOMS.fullmatch(words) else f'"{escaped}"'


def _free_text(name: str, words: str) -> str:
    line = f"{name}: {_safe(name, words)}"
    plain = _PRINTABLE.fullmatch(words) and "=?" not in words and len(line) <= LINE
    return line if plain else _encoded(name, words)


def _safe(name: str, words: str) -> str:
    # Encoding hides a line break from a mail server, but programs that decode headers have written it out again.
    if words != one_line(words):
        raise InvalidHeader(name, "its words are not on one line, or have control characters")
    return words


def _machine_readable(name: str, value: str) -> str:
    line = f"{name}: {value}"
    if not _PRINTABLE.fullmatch(value) or not value.strip() or len(line) > LONGEST_LINE:
        raise InvalidHeader(name, "it is no line of printable ASCII")
    return line


def _encoded(name: str, words: str) -> str:
    encoded_words = _encoded_words(words, LINE_WITH_ENCODED_WORD - len(f"{name}: "))
    return f"{name}: " + f"{CRLF} ".join(encoded_words)


def _encoded_words(words: str, room: int) -> Iterator[str]:
    """Yield words as encoded-words (RFC 2047), the first of them of at most ``room`` characters.

    Each is decoded by itself, so that none ends within a character.
    """
    around = len("=?utf-8?q??=")
    by_base64 = sum(map(len, map(_q, words))) > len(words.encode("utf-8")) * 4 / 3
    size = _bytes if by_base64 else _q
    piece, left = "", 0
    for char in words:
        needed = len(size(char))
        if needed > left and piece:
            yield _encoded_word(piece, by_base64)
            piece = ""
        if not piece:
            characters = room - around
            left = characters // 4 * 3 if by_base64 else characters
            room = ENCODED_WORD
        piece += char
        left -= needed
    yield _encoded_word(piece, by_base64)


def _encoded_word(words: str, by_base64: bool) -> str:
    if by_base64:
        return f"=?utf-8?b?{b64encode(_bytes(words)).decode('ascii')}?="
    return f"=?utf-8?q?{_q(words)}?="


def _bytes(words: str) -> bytes:
    return words.encode("utf-8")


def _q(words: str) -> str:
    return "".join(_Q[byte] for byte in words.encode("utf-8"))


_Q = [chr(byte) if byte in _PLAIN_IN_Q else "_" if byte == ord(" ") else f"={byte:02X}" for byte in range(256)]


def _unfolded(block: bytes) -> list[tuple[str, str]]:
    try:
        lines = block.decode("ascii").split(CRLF)
    except UnicodeDecodeError:
        raise InvalidHeader("block", "it has characters outside ASCII") from None
    fields: list[list[str]] = []
    for line in lines:
        if len(line) > LONGEST_LINE or not line.strip() or not _PRINTABLE.fullmatch(line):
            raise InvalidHeader("block", "it has a line that is empty, too long or not printable")
        if line.startswith(" ") and fields:
            fields[-1].append(line)
        else:
            fields.append([line])
    return [_split("".join(field)) for field in fields]


def _split(field: str) -> tuple[str, str]:
    match = _FIELD.fullmatch(field)
    if match is None:
        raise InvalidHeader("block", "it has a line that is no header")
    return match[1], match[2]


def _read_mailbox(name: str, value: str) -> tuple[str, str]:
    if _ADDRESS.fullmatch(value):
        return "", value
    # An address has neither a space nor an angle bracket, so that the last ones are those before it.
    phrase, _, addr_spec = value.removesuffix(">").rpartition(" <")
    check_address(name, addr_spec)
    if quoted := _QUOTED_STRING.fullmatch(phrase):
        return re.sub(r"\\(.)", r"\1", quoted[1]), addr_spec
    if "=?" not in phrase and not _ATOMS.fullmatch(phrase):
        raise InvalidHeader(name, "it is no mailbox")
    return _read_words(name, phrase), addr_spec


def _read_words(name: str, value: str) -> str:
    if "=?" not in value:
        return value
    if not _ENCODED_WORDS.fullmatch(value):
        raise InvalidHeader(name, "it mixes encoded-words with others")
    # One by one, because decode_header needs time in the square of their number.
    return "".join(_decoded(word) for word in value.split(" "))


def _decoded(encoded_word: str) -> str:
    [(piece, charset)] = decode_header(encoded_word)
    return str(piece, charset or "ascii")
