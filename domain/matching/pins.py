"""Pins: the pairs staff fixed before a match run, checked against each other, the places and the rules."""

from collections.abc import Iterable, Sequence

from domain.matching.fingerprint import IdPair
from domain.matching.people import People
from domain.matching.rules import PairRules
from domain.matching.scores import Pin
from schemas.errors import Refusal


def resolve_pins(pairs: Iterable[IdPair], people: People, rules: PairRules) -> tuple[Pin, ...]:
    """Return the (row, column) in the scores of each pin once; raises Refusal where one is impossible."""
    distinct = tuple(dict.fromkeys(pairs))
    fixed = people.positions(distinct, "pin")
    for (mentor, mentee), (row, column) in zip(distinct, fixed, strict=True):
        reason = rules.why(row, column)
        if reason:
            raise Refusal(f"The pin {mentor}:{mentee} breaks a rule: {reason}.")
    _refuse_two_mentors(distinct)
    _refuse_too_many(distinct, people)
    return fixed


def _refuse_two_mentors(pins: Sequence[IdPair]) -> None:
    mentor_of: dict[str, str] = {}
    for mentor, mentee in pins:
        if mentor_of.setdefault(mentee, mentor) != mentor:
            raise Refusal(f"{mentee} is pinned to two mentors, {mentor_of[mentee]} and {mentor}: keep one pin.")


def _refuse_too_many(pins: Sequence[IdPair], people: People) -> None:
    for mentor in people.mentors:
        pinned = [mentee for pinned_to, mentee in pins if pinned_to == mentor.id]
        if len(pinned) > mentor.capacity:
            ids = ", ".join(pinned)
            raise Refusal(f"{mentor.id} can take {mentor.capacity} but is pinned to {len(pinned)}: {ids}.")
