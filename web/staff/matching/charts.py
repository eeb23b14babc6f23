"""How good the pairs of a match run are: the bands and a histogram of the scores, as charts."""

from collections.abc import Iterable

from domain.matching.score_bands import band_labels, histogram
from schemas.cohort.settings import Bands
from schemas.matching.results import MatchResult
from web.documents.blocks import Bar, BarChart


def band_chart(result: MatchResult, bands: Bands) -> BarChart:
    """Return how many pairs are in each band."""
    counts = [(label, result.band_counts.get(band, 0)) for band, label in band_labels(bands).items()]
    return _chart("bands", "Pairs by band", counts, label_share=42)


def score_chart(result: MatchResult) -> BarChart:
    """Return how many pairs have which score, in steps of ten."""
    return _chart("scores", "Pairs by score", histogram(result), label_share=22)


def _chart(id_: str, title: str, counts: Iterable[tuple[str, int]], *, label_share: int) -> BarChart:
    bars = tuple(Bar(label=label, value=count, text=str(count)) for label, count in counts)
    longest = max((bar.value for bar in bars), default=0)
    return BarChart(id=id_, title=title, bars=bars, longest=longest, label_share=label_share)
