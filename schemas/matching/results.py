"""The result of a match run: pairs with their reasons, who stays without a mentor and why, and the proof."""

from pydantic import Field

from schemas.base import FrozenModel

# The note of an alternative whose cost was not computed; the pages know it by this.
COST_UNKNOWN = "what it costs is not worked out here: pin it to see"


class CriterionScore(FrozenModel):
    """One criterion of one pair: points reached of points possible, the question it reads, and both answers.

    ``answers`` are (mentor's, mentee's), None where the answer is missing, which scores neutral.
    """

    name: str
    points: int
    of: int
    question: str
    answers: tuple[str | None, str | None]
    reason: str = ""


class Alternative(FrozenModel):
    """Another mentor this mentee could have, and what the whole program would lose by it (score points).

    ``note`` says what changes besides points; ``program_cost`` is None where fewer could be placed or where it is
    not known.
    """

    mentor: str
    score: int
    program_cost: int | None
    note: str = ""


class Pair(FrozenModel):
    """One match: score 0..10000, shown to people as 0..100."""

    mentor: str
    mentee: str
    score: int
    criteria: tuple[CriterionScore, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    pinned: bool = False


class Unplaced(FrozenModel):
    """A mentee without a mentor, and why in one sentence."""

    mentee: str
    why: str


class PinCost(FrozenModel):
    """What one pin costs: points the total loses by it, and mentees more who could be placed without it."""

    mentor: str
    mentee: str
    program_cost: int
    placed_without: int = 0


class MentorChange(FrozenModel):
    """One mentee whose mentor differs between two runs; None where there is none."""

    mentee: str
    before: str | None
    after: str | None


class BrokenRule(FrozenModel):
    """A pair of a draft that breaks a rule as things stand today, and which one."""

    mentor: str
    mentee: str
    why: str


class Certificate(FrozenModel):
    """Whether the optimality proof was checked and holds."""

    valid: bool


class MatchResult(FrozenModel):
    """The result of a match run; the JSON of ``mile match``.

    ``words_compared_by`` says how people's own words were compared, None where they were not.
    """

    pairs: tuple[Pair, ...]
    unplaced: tuple[Unplaced, ...]
    coverage: int
    total: int
    worst: int
    band_counts: dict[str, int] = Field(default_factory=dict)
    objective: str
    certificate: Certificate
    inputs_sha256: str
    pins: tuple[PinCost, ...] = ()
    words_compared_by: str | None = None


class ReplacementCandidate(FrozenModel):
    """A mentor with whom a mentee could go on, and the places they have free; ``hindrance`` says why not."""

    mentor: str
    score: int
    free: int
    hindrance: str | None = None
