from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.matching.alternatives import Alternatives
from domain.matching.solver.assignment import solve

BANDS = (4000, 6000)


def instance(case: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    chance = np.random.default_rng(case)
    rows, columns = int(chance.integers(2, 9)), int(chance.integers(2, 7))
    scores = chance.integers(0, 10001, (rows, columns)).astype(np.int32)
    scores[chance.random(scores.shape) < 0.25] = -1
    return scores, chance.integers(0, 3, columns)


@pytest.mark.parametrize("objective", ["bands", "total"])
def test_cost_of_an_alternative_is_what_solving_again_with_it_pinned_loses(objective: str) -> None:
    compared = 0
    for case in range(60):
        scores, capacities = instance(case)
        found = solve(scores, capacities=capacities, bands=BANDS, objective=objective)  # type: ignore[arg-type]
        alternatives = Alternatives(scores.astype(np.int16), found)
        names = [str(column) for column in range(scores.shape[1])]
        for mentee in range(len(scores)):
            for other in alternatives.of(mentee, names):
                mentor = int(other.mentor)
                if not capacities[mentor]:
                    assert other.program_cost is None
                    continue
                pinned = solve(
                    scores,
                    capacities=capacities,
                    bands=BANDS,
                    objective=objective,  # type: ignore[arg-type]
                    pins=[(mentee, mentor)],
                )
                compared += 1
                if other.program_cost is None:
                    assert pinned.coverage < found.coverage
                else:
                    assert pinned.coverage == found.coverage
                    assert found.total - pinned.total == other.program_cost
    assert compared > 300


def test_alternatives_are_the_cheapest_for_the_program() -> None:
    scores = np.random.default_rng(4).integers(0, 10001, (6, 6)).astype(np.int16)
    found = solve(scores, objective="total")
    costs = [each.program_cost for each in Alternatives(scores, found).of(0, list("abcdef"))]
    every = sorted(
        found.total - solve(scores, objective="total", pins=[(0, mentor)]).total
        for mentor in range(6)
        if mentor != found.mentor_of[0]
    )
    assert costs == every[:3]


def test_alternatives_in_a_pinned_run_cost_what_the_others_lose() -> None:
    scores = np.random.default_rng(5).integers(0, 10001, (6, 7)).astype(np.int16)
    found = solve(scores, objective="total", pins=[(2, 3)])
    alternatives = Alternatives(scores, found)
    assert all(each.program_cost is None for each in alternatives.of(2, list("abcdefg")))
    others = [each for each in alternatives.of(0, list("abcdefg")) if each.program_cost is not None]
    assert len(others) == 3
    for each in others:
        pinned = solve(scores, objective="total", pins=[(2, 3), (0, "abcdefg".index(each.mentor))])
        assert found.total - pinned.total == each.program_cost


def test_alternative_that_brings_a_match_under_a_line_says_so() -> None:
    scores = np.array([[6000, 9000], [5900, 6000]], np.int16)
    found = solve(scores, bands=BANDS)
    assert found.mentor_of.tolist() == [0, 1]
    (other,) = Alternatives(scores, found).of(0, ["M1", "M2"])
    assert (other.mentor, other.program_cost, other.note) == ("M2", -2900, "1 more under the fair line")
