"""How words that people type are compared, and which known word they may have meant."""

import re
from collections.abc import Collection
from difflib import get_close_matches


def normalize(words: str) -> str:
    """Return a heading or an answer as it is compared: without case, outer blanks, or a choice of blank, - and _."""
    return re.sub(r"[\s_-]+", "_", words.strip()).casefold()


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return “; did you mean …?” with the known word closest to this one, or nothing."""
    if len(known) > 500:  # comparing every slip with thousands of ids would take minutes
        return ""
    by_fold = {normalize(known_word): known_word for known_word in known}
    closest = get_close_matches(normalize(word), by_fold, n=1)
    return f"; did you mean {by_fold[closest[0]]}?" if closest else ""
