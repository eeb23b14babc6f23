"""Pins: the pairs staff fixed before a match run, checked against each other, the places and the rules."""

from collections.abc import Iterable, Sequence

from domain.matching.fingerprint import IdPair
from domain.matching.people import People
from domain.matching.rules import Rules
from domain.matching.scores import Pin
from schemas.errors import Refusal


def checked_pins(pairs: Iterable[IdPair], people: People, rules: Rules) -> tuple[Pin, ...]:
    """Return (participant, mentor) positions, or raise Refusal where a pin is impossible; one repeated counts once."""
    wanted = tuple(dict.fromkeys(pairs))
    fixed = people.positions(wanted, "pin")
    for (participant, mentor), (row, column) in zip(wanted, fixed, strict=True):
        reason = rules.why(row, column)
        if reason:
            raise Refusal(f"The pin {participant}:{mentor} breaks a rule: {reason}.")
    _refuse_two_mentors(wanted)
    _refuse_too_many(wanted, people)
    return fixed


def _refuse_two_mentors(pins: Sequence[IdPair]) -> None:
    mentor_of: dict[str, str] = {}
    for participant, mentor in pins:
        if mentor_of.setdefault(participant, mentor) != mentor:
            raise Refusal(
                f"{participant} is pinned to two mentors, {mentor_of[participant]} and {mentor}: keep one pin."
            )


def _refuse_too_many(pins: Sequence[IdPair], people: People) -> None:
    for mentor in people.mentors:
        pinned = [participant for participant, wanted in pins if wanted == mentor.id]
        if len(pinned) > mentor.capacity:
            many = ", ".join(pinned)
            raise Refusal(f"{mentor.id} can take {mentor.capacity} but is pinned to {len(pinned)}: {many}.")
