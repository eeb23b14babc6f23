"""Pairs as people type them on the command line."""

from collections.abc import Iterable

from schemas.errors import Refusal


def id_pairs(texts: Iterable[str] | None, option: str) -> tuple[tuple[str, str], ...]:
    """Read MENTOR:MENTEE pairs of ids; raises Refusal naming the option where one is none."""
    return tuple(_pair(text, option) for text in texts or ())


def _pair(text: str, option: str) -> tuple[str, str]:
    mentor, _, mentee = text.partition(":")
    if not mentor or not mentee or ":" in mentee:
        raise Refusal(f"{option} {text} is no pair; write MENTOR:MENTEE, such as M03:P07.")
    return mentor, mentee
