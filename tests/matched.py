"""A match run as it is stored, whose pairs a test names."""

from schemas.matching.results import Certificate, MatchResult, Pair


def matched(*pairs: tuple[str, str], score: int = 7000, inputs_sha256: str = "1f" * 32) -> MatchResult:
    """Return a match run with these pairs of mentor and mentee, all of one score."""
    return MatchResult(
        pairs=tuple(Pair(mentor=mentor, mentee=mentee, score=score) for mentor, mentee in pairs),
        unplaced=(),
        coverage=len(pairs),
        total=score * len(pairs),
        worst=score,
        objective="bands",
        certificate=Certificate(valid=True),
        inputs_sha256=inputs_sha256,
    )
