"""How words that people type are compared, and which known word they may have meant."""

import re
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches
from functools import lru_cache
from html import unescape

# Signs that people and word processors use for one another; some lose their meaning in a compatibility form.
_ALIKE = str.maketrans(dict.fromkeys("’‘‛ʼʹʻ′＇`´", "'") | dict.fromkeys("“”„‟", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
# What the compatibility form makes of an acute accent on its own, which people type for an apostrophe.
_COMPATIBLE_ACUTE = " \u0301"
_GAP = re.compile(r"[\s_-]+")
_SHORT = 200
# Letters by their category that nobody can see (Hangul fillers), and a Braille cell without dots.
_UNSEEN_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def as_typed(words: str) -> str:
    """Return words as they were typed, in the one form (NFC) in which they are stored and shown."""
    return words if words.isascii() else unicodedata.normalize("NFC", words)


def plain(words: str) -> str:
    """Return a word of a fixed kind, such as an id or an address: in its compatibility form, all of it visible."""
    if words.isascii():
        return words
    visible = "".join(char for char in unicodedata.normalize("NFKC", words) if not is_unseen(char))
    return unicodedata.normalize("NFKC", visible)


def is_unseen(char: str) -> bool:
    """Tell whether a character cannot be seen: one that only formats, or a letter without ink."""
    return unicodedata.category(char) == "Cf" or char in _UNSEEN_LETTERS


def simplified(words: str) -> str:
    """Return words with plain quotation marks, hyphens and single blanks, and nothing invisible; case stays."""
    if not words.isascii():
        words = plain(words.translate(_ALIKE)).replace(_COMPATIBLE_ACUTE, "'")
    return " ".join(words.translate(_ALIKE).split())


def comparable(words: str) -> str:
    """Return words as they are compared, always with words treated the same; never to be shown.

    Case, the form of Unicode, HTML entities, typographic signs, invisible characters and the width of gaps make no
    difference. Accents do.
    """
    if not words.isascii() or "&" in words or "`" in words:
        # Long words hardly come a second time, and would fill the memory.
        words = _short_without_forms(words) if len(words) <= _SHORT else _without_forms(words)
    return " ".join(words.casefold().split())


@lru_cache(maxsize=4096)
def _short_without_forms(words: str) -> str:
    return _without_forms(words)


def _without_forms(words: str) -> str:
    # Folding case can take composed letters apart.
    return unicodedata.normalize("NFKC", simplified(unescape(simplified(words))).casefold())


def normalize(words: str) -> str:
    """Return a heading or an answer as it is compared: as ``comparable``, or a choice of blank, - and _."""
    return _GAP.sub("_", comparable(words))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return “; did you mean …?” with the known word closest to this one, or nothing."""
    if len(known) > 500:  # comparing every slip with thousands of ids would take minutes
        return ""
    by_fold = {normalize(known_word): known_word for known_word in known}
    closest = get_close_matches(normalize(word), by_fold, n=1)
    return f"; did you mean {by_fold[closest[0]]}?" if closest else ""
