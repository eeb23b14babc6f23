"""A language in which every text of the catalogs is written in Greek letters: Latin ones are of a text outside them."""

import re
from functools import cache
from gettext import NullTranslations

# What stays as it is in a message: values, placeholders, tags, entities, addresses.
_KEPT = re.compile(r"%\(\w+\)[sd]|%%|\{[\w-]+\}|<[^>]*>|&\w+;|https?://\S+|\]\([^)]*\)")
_GREEK = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "αβξδεφγηιζκλμνοπθρστυωψχυζΑΒΞΔΕΦΓΗΙΖΚΛΜΝΟΠΘΡΣΤΥΩΨΧΥΖ"
)


@cache
def in_greek_letters(message: str) -> str:
    """Return a message in Greek letters, with everything in it that is no word as it was."""
    kept = [*_KEPT.findall(message), ""]
    words = [part.translate(_GREEK) for part in _KEPT.split(message)]
    return "".join(word + same for word, same in zip(words, kept, strict=True))


class PseudoCatalog(NullTranslations):
    """The catalog of that language; only the header is missing, as in any message that is no text."""

    def gettext(self, message: str) -> str:
        return in_greek_letters(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return in_greek_letters(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return in_greek_letters(message)
