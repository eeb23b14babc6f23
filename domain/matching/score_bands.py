"""The scores of a match run sorted: into the bands of the settings, and into steps of ten for a histogram."""

from schemas.cohort.settings import Bands
from schemas.matching.results import MatchResult

SCORE_PER_SHOWN_POINT = 100
BAR_WIDTH_POINTS = 10


def band_labels(bands: Bands) -> dict[str, str]:
    """Return what each band of ``MatchResult.band_counts`` is called, with its limits."""
    return {
        "poor": f"poor (under {bands.poor})",
        "fair": f"fair ({bands.poor} to {bands.fair})",
        "good": f"good ({bands.fair} and over)",
    }


def band_of(score: int, bands: Bands) -> str:
    """Return the band of a score, 0 to 10,000: poor, fair or good."""
    if score < bands.poor * SCORE_PER_SHOWN_POINT:
        return "poor"
    return "fair" if score < bands.fair * SCORE_PER_SHOWN_POINT else "good"


def histogram(result: MatchResult) -> list[tuple[str, int]]:
    """Count the matches in steps of ten of 100; the last step includes 100."""
    steps = 100 // BAR_WIDTH_POINTS
    counts = [0] * steps
    for pair in result.pairs:
        counts[min(pair.score // (SCORE_PER_SHOWN_POINT * BAR_WIDTH_POINTS), steps - 1)] += 1
    ends = [(step + 1) * BAR_WIDTH_POINTS for step in range(steps)]
    return [(f"{end - BAR_WIDTH_POINTS}–{end}", count) for end, count in zip(ends, counts, strict=True)]
