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
    judged: tuple[_ScoredCriterion, ...]
    rankings: Rankings

    def criteria(self, mentee: int, mentor: int) -> tuple[CriterionScore, ...]:
        """Explain one pair: every criterion with its points, both answers and a sentence; the points add up."""
        found = [_explained(each, mentee, mentor) for each in self.judged]
        return (*found, self.rankings.explained(mentee, mentor)) if self.rankings.of else tuple(found)


def points_per_criterion(weights: Weights) -> dict[str, int]:
    """Divide 10,000 points by the weights, in whole points that add up (largest remainders)."""
    wanted = weights.model_dump()
    whole = sum(wanted.values())
    points = {name: MAX_SCORE * weight // whole for name, weight in wanted.items()}
    by_remainder = sorted(wanted, key=lambda name: (-(MAX_SCORE * wanted[name] % whole), name))
    for name in by_remainder[: MAX_SCORE - sum(points.values())]:
        points[name] += 1
    return points


def score_pairs(
    mentors: Sequence[MentorApplication], mentees: Sequence[MenteeApplication], weights: Weights
) -> ScoredPairs:
    """Score every pair by the criteria that weigh anything; forbidden pairs are marked later."""
    if weights.words:
        require_text_extra()
    points = points_per_criterion(weights)
    judged = tuple(_judged(each, points[each.name], mentors, mentees) for each in CRITERIA if points[each.name])
    scores = np.zeros((len(mentees), len(mentors)), np.int16)
    step = max(1, BLOCK_CELLS // max(1, len(mentors)))
    for start in range(0, len(mentees), step):
        rows = slice(start, start + step)
        for each in judged:
            scores[rows] += np.take(each.points[each.mentee_codes[rows]], each.mentor_codes, axis=1)
    rankings = Rankings(mentors, mentees, points["rankings"])
    rankings.add_to(scores)
    return ScoredPairs(scores, judged, rankings)


def _judged(
    criterion: Criterion, of: int, mentors: Sequence[MentorApplication], mentees: Sequence[MenteeApplication]
) -> _ScoredCriterion:
    mentee_codes, wanted = _coded([criterion.mentee_answer(each) for each in mentees])
    mentor_codes, offered = _coded([criterion.mentor_answer(each) for each in mentors])
    shares = np.full((len(wanted), len(offered)), NEUTRAL)
    rows = [code for code, answer in enumerate(wanted) if answer is not None]
    columns = [code for code, answer in enumerate(offered) if answer is not None]
    if rows and columns:
        shares[np.ix_(rows, columns)] = criterion.shares(
            [wanted[row] for row in rows], [offered[col] for col in columns]
        )
    points = np.rint(shares * of).astype(np.int16)
    return _ScoredCriterion(criterion, of, points, mentee_codes, mentor_codes, wanted, offered)


def _coded(answers: Sequence[object]) -> tuple[Codes, tuple[object, ...]]:
    distinct = {answer: code for code, answer in enumerate(dict.fromkeys(answers))}
    return np.fromiter((distinct[answer] for answer in answers), np.intp, len(answers)), tuple(distinct)


def _explained(each: _ScoredCriterion, mentee: int, mentor: int) -> CriterionScore:
    wanted_code, offered_code = each.mentee_codes[mentee], each.mentor_codes[mentor]
    wanted, offered = each.mentee_answers[wanted_code], each.mentor_answers[offered_code]
    show = each.criterion.shown
    if wanted is None or offered is None:
        reason = "An answer is missing, so this counts as neutral."
    else:
        reason = each.criterion.reason(wanted, offered)
    return CriterionScore(
        name=each.criterion.name,
        points=int(each.points[wanted_code, offered_code]),
        of=each.of,
        question=each.criterion.question,
        answers=(None if offered is None else show(offered), None if wanted is None else show(wanted)),
        reason=reason,
    )
