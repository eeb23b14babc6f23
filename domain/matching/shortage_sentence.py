"""The sentence about mentees who compete for too few mentors: written with ids and stored, and read with names."""

import re
from collections.abc import Callable, Sequence

MAX_NAMED = 8
_COMPETITION = re.compile(r"(.*: )(.+) compete for (.+)\.")


def competition_sentence(mentees: Sequence[str], mentors: Sequence[str], places: int) -> str:
    """Return the sentence about mentees who share fewer places than they are, by ids."""
    return (
        f"These {len(mentees)} mentees share only {places} possible {'place' if places == 1 else 'places'}: "
        f"{_listed(mentees)} compete for {_listed(mentors)}."
    )


def with_names(why: str, name: Callable[[str], str]) -> str:
    """Return a sentence of ``Shortage.why`` with what ``name`` makes of each id."""
    competition = _COMPETITION.fullmatch(why)
    if competition is None:
        return why
    start, mentees, mentors = competition.groups()
    return f"{start}{_renamed(mentees, name)} compete for {_renamed(mentors, name)}."


def _listed(ids: Sequence[str]) -> str:
    named = ", ".join(ids[:MAX_NAMED])
    more = len(ids) - MAX_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _renamed(ids: str, name: Callable[[str], str]) -> str:
    listed, and_more, more = ids.partition(" and ")
    return ", ".join(map(name, listed.split(", "))) + and_more + more
