"""Pairs as people type them on the command line."""

from collections.abc import Iterable

from schemas.errors import Refusal


def id_pairs(written: Iterable[str] | None, option: str) -> tuple[tuple[str, str], ...]:
    """Read PARTICIPANT:MENTOR pairs of ids; raises Refusal naming the option where one is none."""
    return tuple(_pair(each, option) for each in written or ())


def _pair(written: str, option: str) -> tuple[str, str]:
    participant, _, mentor = written.partition(":")
    if not participant or not mentor or ":" in mentor:
        raise Refusal(f"{option} {written} is no pair; write PARTICIPANT:MENTOR, such as P07:M03.")
    return participant, mentor
