"""Pairs as people type them on the command line."""

from collections.abc import Iterable

from schemas.errors import Refusal


def id_pairs(written: Iterable[str] | None, option: str) -> tuple[tuple[str, str], ...]:
    """Read MENTOR:MENTEE pairs of ids; raises Refusal naming the option where one is none."""
    return tuple(_pair(each, option) for each in written or ())


def _pair(written: str, option: str) -> tuple[str, str]:
    mentor, _, mentee = written.partition(":")
    if not mentor or not mentee or ":" in mentee:
        raise Refusal(f"{option} {written} is no pair; write MENTOR:MENTEE, such as M03:P07.")
    return mentor, mentee
