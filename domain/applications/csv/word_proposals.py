"""What a word of a foreign file may mean in ours: proposed by likeness, never used without a yes."""

import re
from functools import lru_cache
from typing import NamedTuple

from domain.applications.csv.cells import ENUMERATIONS, UNDECIDED
from domain.applications.csv.likeness import most_like
from domain.applications.csv.vocabulary import ANSWERS, NO_ANSWER, NUMBER_WORDS
from domain.input_files.spelling import comparable

_LESS = re.compile(r"(<|less than|under|fewer than) ?\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class WordProposal(NamedTuple):
    """What a word may mean, "" for no answer, and what the proposal is made from."""

    meaning: str
    basis: str


@lru_cache(maxsize=4096)
def proposed_word(column: str, word: str) -> WordProposal | None:
    """Return what a word in one of our columns may mean, or None where somebody must say it."""
    if column in ENUMERATIONS:
        like = most_like(word, ANSWERS[column])
        if like:
            return WordProposal(like.meaning, f"like “{like.phrase}”")
    elif proposal := _number(column, comparable(word)):
        return proposal
    return WordProposal("", "no answer") if comparable(word).rstrip(".!") in NO_ANSWER else None


def undecided_word() -> WordProposal:
    """Return the place of a decision that only a person can make."""
    return WordProposal(UNDECIDED, "please decide")


def _number(column: str, words: str) -> WordProposal | None:
    if column == "last_attended":
        years = set(_YEAR.findall(words))
        return WordProposal(years.pop(), "the year in it") if len(years) == 1 else None
    numbers = re.findall(r"\d+(?:\.\d+)?", words) or [
        str(NUMBER_WORDS[word]) for word in re.findall(r"[a-z]+", words) if word in NUMBER_WORDS
    ]
    if len(numbers) != 1 or len(numbers[0]) > 5:
        return None
    number = int(float(numbers[0]))
    if column == "years" and "month" in words:
        return WordProposal(str(number // 12), f"{number} months")
    if _LESS.search(words):
        return WordProposal(str(max(number - 1, 0)), "less than it")
    return WordProposal(str(number), "the number in it")
