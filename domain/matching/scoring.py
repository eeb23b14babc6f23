"""The points of every criterion for every pair, and the scores they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.matching.criteria import CRITERIA, NEUTRAL, Criterion
from domain.matching.rankings import Rankings
from domain.matching.scores import BLOCK_CELLS, MAX_SCORE, Scores
from domain.matching.text_similarity import require_text_extra
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Weights
from schemas.matching.results import CriterionScore

Codes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _ScoredCriterion:
    """A criterion worked out: the points of each distinct answer with each, and who gave which answer."""

    criterion: Criterion
    of: int
    points: Scores
    mentee_codes: Codes
    mentor_codes: Codes
    mentee_answers: tuple[object, ...]
    mentor_answers: tuple[object, ...]


@dataclass(frozen=True, eq=False)
class ScoredPairs:
    """The scores (mentees, mentors) of all pairs, 0..10000, and what explains each of them."""

    scores: Scores
    scored_criteria: tuple[_ScoredCriterion, ...]
    rankings: Rankings

    def criteria(self, mentee: int, mentor: int) -> tuple[CriterionScore, ...]:
        """Explain one pair: every criterion with its points, both answers and a sentence; the points add up."""
        explained = [_explained(criterion, mentee, mentor) for criterion in self.scored_criteria]
        return (*explained, self.rankings.explained(mentee, mentor)) if self.rankings.of else tuple(explained)


def points_per_criterion(weights: Weights) -> dict[str, int]:
    """Divide 10,000 points by the weights, in whole points that add up (largest remainders)."""
    weight_of = weights.model_dump()
    total = sum(weight_of.values())
    points = {name: MAX_SCORE * weight // total for name, weight in weight_of.items()}
    by_remainder = sorted(weight_of, key=lambda name: (-(MAX_SCORE * weight_of[name] % total), name))
    for name in by_remainder[: MAX_SCORE - sum(points.values())]:
        points[name] += 1
    return points


def score_pairs(
    mentors: Sequence[MentorApplication], mentees: Sequence[MenteeApplication], weights: Weights
) -> ScoredPairs:
    """Score every pair by the criteria that weigh anything; forbidden pairs are marked later."""
    if weights.words:
        require_text_extra()
    points = points_per_criterion(_of_what_was_asked(weights, mentors, mentees))
    scored_criteria = tuple(
        _scored(criterion, points[criterion.name], mentors, mentees) for criterion in CRITERIA if points[criterion.name]
    )
    scores = np.zeros((len(mentees), len(mentors)), np.int16)
    step = max(1, BLOCK_CELLS // max(1, len(mentors)))
    for start in range(0, len(mentees), step):
        rows = slice(start, start + step)
        for criterion in scored_criteria:
            scores[rows] += np.take(criterion.points[criterion.mentee_codes[rows]], criterion.mentor_codes, axis=1)
    rankings = Rankings(mentors, mentees, points["rankings"])
    rankings.add_to(scores)
    return ScoredPairs(scores, scored_criteria, rankings)


def _of_what_was_asked(
    weights: Weights, mentors: Sequence[MentorApplication], mentees: Sequence[MenteeApplication]
) -> Weights:
    """Leave the rankings out where nobody ranked anybody, as in a class whose applications came by the pages.

    They would give every pair the same points, and so make good and poor matches look more alike than they are.
    """
    nobody_ranked = not any(person.ranks for person in (*mentors, *mentees))
    others = any(weight for name, weight in weights.model_dump().items() if name != "rankings")
    return weights.model_copy(update={"rankings": 0}) if nobody_ranked and others else weights


def _scored(
    criterion: Criterion, of: int, mentors: Sequence[MentorApplication], mentees: Sequence[MenteeApplication]
) -> _ScoredCriterion:
    mentee_codes, mentee_answers = _coded([criterion.mentee_answer(person) for person in mentees])
    mentor_codes, mentor_answers = _coded([criterion.mentor_answer(person) for person in mentors])
    # Answers repeat, so each two distinct ones are compared once and then looked up for every pair.
    shares = np.full((len(mentee_answers), len(mentor_answers)), NEUTRAL)
    rows = [code for code, answer in enumerate(mentee_answers) if answer is not None]
    columns = [code for code, answer in enumerate(mentor_answers) if answer is not None]
    if rows and columns:
        shares[np.ix_(rows, columns)] = criterion.shares(
            [mentee_answers[row] for row in rows], [mentor_answers[col] for col in columns]
        )
    points = np.rint(shares * of).astype(np.int16)
    return _ScoredCriterion(criterion, of, points, mentee_codes, mentor_codes, mentee_answers, mentor_answers)


def _coded(answers: Sequence[object]) -> tuple[Codes, tuple[object, ...]]:
    distinct = {answer: code for code, answer in enumerate(dict.fromkeys(answers))}
    return np.fromiter((distinct[answer] for answer in answers), np.intp, len(answers)), tuple(distinct)


def _explained(scored: _ScoredCriterion, mentee: int, mentor: int) -> CriterionScore:
    mentee_code, mentor_code = scored.mentee_codes[mentee], scored.mentor_codes[mentor]
    mentee_answer, mentor_answer = scored.mentee_answers[mentee_code], scored.mentor_answers[mentor_code]
    show = scored.criterion.shown
    if mentee_answer is None or mentor_answer is None:
        reason = "An answer is missing, so this counts as neutral."
    else:
        reason = scored.criterion.reason(mentee_answer, mentor_answer)
    return CriterionScore(
        name=scored.criterion.name,
        points=int(scored.points[mentee_code, mentor_code]),
        of=scored.of,
        question=scored.criterion.question,
        answers=(
            None if mentor_answer is None else show(mentor_answer),
            None if mentee_answer is None else show(mentee_answer),
        ),
        reason=reason,
    )
