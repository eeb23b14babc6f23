"""Decode the bytes of a file to text, whatever program saved it: as a whole, or not at all."""

import re
from typing import NamedTuple

from domain.input_files.workbook import is_workbook
from schemas.enums import TextEncoding
from schemas.errors import BadInput, Problem

_WORKBOOK = "is a workbook or a packed file, not text; open it and save it as “CSV UTF-8”"
_SAVE_AGAIN = "; save the file again as UTF-8"
_OR_SAY_WHICH = " (in Excel: “CSV UTF-8”), or say with --encoding how it was saved"
_TWO_ENCODINGS = "holds letters that are not UTF-8, though other letters of this file are"
_TWO_READINGS = "can be read as {windows} (windows-1252) or as {mac} (mac-roman)"
_NO_READING = "holds letters of an unknown encoding"
_OTHERWISE = "holds letters that are not {encoding}; check --encoding, or leave it out"

_MARKS = {
    b"\xef\xbb\xbf": TextEncoding.UTF_8,
    b"\xff\xfe": TextEncoding.UTF_16,
    b"\xfe\xff": TextEncoding.UTF_16,
}
# Letters beyond ASCII as UTF-8 writes them: in text of another encoding such pairs hardly ever stand side by side.
_UTF_8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# It begins where a word begins, or looking for one takes time in the square of the longest word.
_WORD_BEYOND_ASCII = re.compile(r'(?:(?<![^\s,;"])|(?=\s))[^\s,;"]*[^\x00-\x7f][^\s,;"]*')
_OPENING, _BESIDE_LETTERS = frozenset("¿¡"), frozenset("’‘“”–—…·•®©™«»ªº\xa0\xad")
_NO_REAL_LETTERS = frozenset("ƒµˆ˜ˇ¯˘˙˚¸˝˛π∏ıΩ")


class DecodedText(NamedTuple):
    r"""A file's text with every line end as ``\n``, and the encoding it was read by.

    ``guessed`` are words that show whether the guess was right; there are none where the file says its encoding.
    """

    text: str
    encoding: TextEncoding
    guessed: tuple[str, ...] = ()


def decode(file_name: str, content: bytes, encoding: TextEncoding | None = None) -> str:
    """Return a file's text as ``decode_text`` does."""
    return decode_text(file_name, content, encoding).text


def decode_text(file_name: str, content: bytes, encoding: TextEncoding | None = None) -> DecodedText:
    """Return a file's text and encoding; without byte order marks, however many there are.

    What has no mark and is not UTF-8 is Windows-1252 or Mac Roman, if the letters make sense in only one of the two.

    Raises:
        BadInput: the file is empty, a workbook, holds NUL bytes, or its letters can be read in more than one way.
    """
    if is_workbook(content):
        raise BadInput([Problem(file_name, _WORKBOOK)])
    marked = next((found for mark, found in _MARKS.items() if content.startswith(mark)), None)
    used = encoding or marked or _found_encoding(file_name, content)
    text = _with_plain_line_ends(_decoded(file_name, content, used)).lstrip("\ufeff")
    if "\0" in text:
        raise BadInput([_nul_problem(file_name, text)])
    if not text.strip():
        raise BadInput([Problem(file_name, "is empty; check that the right file was saved")])
    said = encoding or marked or used is TextEncoding.UTF_8
    return DecodedText(text, used, () if said else _words_beyond_ascii(text))


def _decoded(file_name: str, content: bytes, encoding: TextEncoding) -> str:
    try:
        return content.decode(encoding.codec)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding.codec, "ignore")
        row = _with_plain_line_ends(before).count("\n") + 1
        raise BadInput([Problem(file_name, _OTHERWISE.format(encoding=encoding), row)]) from None


def _found_encoding(file_name: str, content: bytes) -> TextEncoding:
    if b"\0" in content:  # no text, or UTF-16 without its mark: its bytes say nothing about letters
        raise BadInput([_nul_problem(file_name, content.decode("latin-1"))])
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = _with_plain_line_ends(content[: error.start].decode("latin-1")).count("\n") + 1
        if _UTF_8_LETTER.search(content):
            raise BadInput([_unclear(file_name, _TWO_ENCODINGS, row)]) from None
        return _windows_or_mac(file_name, content, row)
    return TextEncoding.UTF_8


def _windows_or_mac(file_name: str, content: bytes, row: int) -> TextEncoding:
    """Return which of the two a file was saved by; classic Macintosh programs end a line with a lone CR."""
    mac_words = _words_beyond_ascii(_with_plain_line_ends(content.decode("mac_roman")))
    mac_makes_sense = not any(map(_is_odd, mac_words))
    try:
        windows_words = _words_beyond_ascii(_with_plain_line_ends(content.decode("cp1252")))
    except UnicodeDecodeError:
        windows_words = ()
    windows_makes_sense = bool(windows_words) and not any(map(_is_odd, windows_words))
    if mac_makes_sense and (not windows_makes_sense or (b"\r" in content and b"\r\n" not in content)):
        return TextEncoding.MAC_ROMAN
    if not windows_makes_sense:
        raise BadInput([_unclear(file_name, _NO_READING, row)])
    both = next((pair for pair in zip(windows_words, mac_words, strict=False) if pair[0] != pair[1]), None)
    if mac_makes_sense and both:
        message = _TWO_READINGS.format(windows=f"“{both[0]}”", mac=f"“{both[1]}”")
        raise BadInput([_unclear(file_name, message, row)])
    return TextEncoding.WINDOWS_1252


def _nul_problem(file_name: str, text: str) -> Problem:
    row = _with_plain_line_ends(text[: text.index("\0")]).count("\n") + 1
    return Problem(file_name, "holds NUL bytes, so it is not a text file; save it again as UTF-8", row)


def _unclear(file_name: str, message: str, row: int) -> Problem:
    """Return a problem with what to do; only the lists of people have an option for their encoding."""
    option = "" if file_name.endswith(".toml") else _OR_SAY_WHICH
    return Problem(file_name, message + _SAVE_AGAIN + option, row)


def _words_beyond_ascii(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_WORD_BEYOND_ASCII.findall(text)))


def _is_odd(word: str) -> bool:
    """Tell whether a word cannot be meant: a capital inside it, or a sign where a letter belongs."""
    neighbors = zip(f" {word}", word, f"{word[1:]} ", strict=False)
    return any(_is_out_of_place(*three) for three in neighbors if not three[1].isascii())


def _is_out_of_place(before: str, char: str, after: str) -> bool:
    if char.isalpha() and char not in _NO_REAL_LETTERS:
        capital_inside = before.islower() or (before.isupper() and after.islower())
        return capital_inside if char.isupper() else after.isupper()
    if char in _BESIDE_LETTERS:
        return False
    return before.isalpha() or (after.isalpha() and char not in _OPENING)


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
