"""Ids of the engine in words for staff: ``mentor_withdrew`` is “mentor withdrew”, ``check_in-1`` “check-in 1”."""

import re

_HYPHENATED = re.compile(r"\b(check|follow|self) (in|up|assessment)\b")


def label(id_: str) -> str:
    """Return the id of a milestone, of a kind of email, of an outcome or of a phase in words, without underscores."""
    name, _, number = id_.partition("-")
    words = _HYPHENATED.sub(r"\1-\2", name.replace("_", " "))
    return f"{words} {number}".strip()
