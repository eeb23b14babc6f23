"""What people wrote in their own words, compared phrase by phrase; needs the extra ``text`` and works on this machine.

TF-IDF of character n-grams finds common stems and nothing deeper, so it may add a little to a score and never decides.
"""

import re
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from schemas.errors import Refusal

METHOD = "TF-IDF of character n-grams (scikit-learn)"
MAX_TEXTS = 3_000
MIN_PHRASE_CHARACTERS = 8
MAX_SHOWN_CHARACTERS = 80
NOTHING_IN_COMMON = 0.5

Shares = NDArray[np.float64]


def require_text_extra() -> str:
    """Return how words are compared; raises Refusal where the extra is not installed."""
    if find_spec("sklearn") is None:
        raise Refusal(
            "matching.weights.words is above 0, and comparing people's own words needs more: "
            "pip install mile[text], or set it to 0."
        )
    return METHOD


def phrases(text: str) -> list[str]:
    """Split what somebody wrote into its phrases; a text without any of ``MIN_PHRASE_CHARACTERS`` is one phrase."""
    parts = [phrase.strip() for phrase in re.split(r"[.;!?\n]+", text)]
    return [phrase for phrase in parts if len(phrase) >= MIN_PHRASE_CHARACTERS] or [text]


def similarities(mentee_texts: Sequence[str], mentor_texts: Sequence[str]) -> Shares:
    """Return 0.5..1 for each text of a mentee (rows) with each of a mentor (columns), by their nearest phrases.

    Texts without anything in common are neutral, as a missing one is: words only ever add. Raises Refusal for more than
    3,000 texts a side, whose table would not fit into memory.
    """
    if max(len(mentee_texts), len(mentor_texts)) > MAX_TEXTS:
        raise Refusal(f"Words are compared for at most {MAX_TEXTS:,} people a side; set matching.weights.words to 0.")
    mentee_phrases, mentor_phrases = [phrases(text) for text in mentee_texts], [phrases(text) for text in mentor_texts]
    near = _near(list(chain.from_iterable(mentee_phrases)), list(chain.from_iterable(mentor_phrases)))
    by_text = np.maximum.reduceat(near, _starts(mentee_phrases), axis=0)
    nearest_phrases: Shares = np.maximum.reduceat(by_text, _starts(mentor_phrases), axis=1)
    return NOTHING_IN_COMMON + (1 - NOTHING_IN_COMMON) * nearest_phrases


def nearest_phrases_reason(mentee_text: str, mentor_text: str) -> str:
    """Return in one sentence which phrases of two texts are nearest."""
    mentee_phrases, mentor_phrases = phrases(mentee_text), phrases(mentor_text)
    near = _near(mentee_phrases, mentor_phrases)
    row, column = np.unravel_index(int(near.argmax()), near.shape)
    if not near[row, column]:
        return "Their own words have nothing in common."
    return f"Nearest in their own words: “{shorten(mentee_phrases[row])}” and “{shorten(mentor_phrases[column])}”."


def shorten(text: str) -> str:
    """Return a text cut to ``MAX_SHOWN_CHARACTERS``, for tables."""
    return text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[: MAX_SHOWN_CHARACTERS - 1]}…"


def _near(mentee_phrases: list[str], mentor_phrases: list[str]) -> Shares:
    # Imported here, because scikit-learn is optional and slow to import.
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    # A fixed order and six digits, so that the order of people cannot change a score by its last digit.
    table = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    table.fit(sorted([*mentee_phrases, *mentor_phrases]))
    near: Shares = (table.transform(mentee_phrases) @ table.transform(mentor_phrases).T).toarray()
    return np.clip(near.round(6), 0.0, 1.0)


def _starts(groups: Sequence[Sequence[str]]) -> NDArray[np.intp]:
    return np.cumsum([0, *(len(group) for group in groups[:-1])])
