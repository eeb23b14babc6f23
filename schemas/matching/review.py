"""What staff see of match runs before they publish one."""

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.matching.messages import MatchRequest
from schemas.matching.results import Alternative, CriterionScore


class MatchRunFigures(FrozenModel):
    """One match run in figures; ``total`` and ``worst`` are in points of 10,000 a pair, ``request`` is what was asked.

    A run that is not published is a draft.
    """

    run: int
    created_at: AwareDatetime
    published_at: AwareDatetime | None
    request: MatchRequest
    pairs: int
    unplaced: int
    total: int
    worst: int
    objective: str
    valid: bool


class PairExplanation(FrozenModel):
    """How well any two people go together; ``forbidden`` says why they cannot be a pair, or is None.

    ``loss`` is what the class as a whole would lose by this pair, where it is none now.
    """

    score: int
    criteria: tuple[CriterionScore, ...]
    forbidden: str | None = None
    loss: Alternative | None = None
