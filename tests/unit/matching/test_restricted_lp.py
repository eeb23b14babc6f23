from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.matching.solver import solution
from domain.matching.solver.assignment import Assignment, solve
from domain.matching.solver.costs import Costs
from domain.matching.solver.objective import matching_aims
from domain.matching.solver.restricted_lp import solve_by_column_generation
from schemas.cohort.settings import Objective

Table = NDArray[np.int32]

BANDS = (4000, 6000)


def table_of_many(chance: np.random.Generator, case: int) -> Table:
    rows, columns = (int(size) for size in chance.integers(85, 130, 2))
    if case % 2:
        rows = columns
    highest = (10001, 41, 10001)[case % 3]
    scores = chance.integers(0, highest, (rows, columns)) * (10000 // (highest - 1))
    if case % 3 == 2:
        # Everybody thinks alike of the same mentors, as with people's answers.
        scores = (scores + 3 * chance.integers(0, 10001, columns)) // 4
    scores[chance.random(scores.shape) < (0.0, 0.1, 0.6, 0.97)[case % 4]] = -1
    return scores.astype(np.int32)


def summary(assignment: Assignment) -> tuple[object, ...]:
    return assignment.coverage, assignment.band_counts, assignment.total, assignment.worst


@pytest.mark.parametrize("objective", ["bands", "total", "bottleneck"])
def test_few_pairs_lead_to_the_same_optimum_as_all(monkeypatch: pytest.MonkeyPatch, objective: Objective) -> None:
    chance = np.random.default_rng(300)
    for case in range(24):
        scores = table_of_many(chance, case)
        capacities = chance.integers(0, 3, scores.shape[1]) if case % 5 == 0 else None
        by_few = solve(scores, capacities=capacities, bands=BANDS, objective=objective)
        with monkeypatch.context() as patch:
            patch.setattr(solution, "MAX_WHOLE_TABLE_CELLS", scores.size * 4)
            at_once = solve(scores, capacities=capacities, bands=BANDS, objective=objective)
        assert summary(by_few) == summary(at_once)
        assert by_few.certificate.valid
        assert at_once.certificate.valid


@pytest.mark.parametrize("case", range(12))
def test_order_of_a_hundred_rows_decides_nothing(case: int) -> None:
    chance = np.random.default_rng(case)
    scores = table_of_many(chance, case)
    rows, columns = (chance.permutation(size) for size in scores.shape)
    before = solve(scores, bands=BANDS)
    after = solve(scores[rows][:, columns], bands=BANDS)
    there = np.append(columns, -1)
    assert there[after.mentor_of].tolist() == before.mentor_of[rows].tolist()
    assert after.certificate.valid


def costs_of(scores: NDArray[np.int16]) -> Costs:
    aims = matching_aims("total", (), len(scores), None, None)
    return aims.costs(scores, min(scores.shape), lowest=0, some_left_out=False)


@pytest.mark.parametrize("shape", [(120, 140), (120, 120)])
@pytest.mark.parametrize("popular", [False, True])
def test_duals_of_few_pairs_hold_for_all(shape: tuple[int, int], *, popular: bool) -> None:
    chance = np.random.default_rng(4)
    scores = chance.integers(0, 10001, shape)
    if popular:
        scores = (scores + 3 * chance.integers(0, 10001, shape[1])) // 4
    found = solve_by_column_generation(costs_of(scores.astype(np.int16)), np.arange(120))
    assert found is not None
    table = 10_000 - scores
    assert (table >= found.row_duals[:, None] + found.column_duals).all()
    assert sorted(set(found.column_of.tolist())) == sorted(found.column_of.tolist())
    matched = table[np.arange(120), found.column_of]
    assert (matched == found.row_duals + found.column_duals[found.column_of]).all()
    assert found.column_duals.max() == 0
    assert not found.column_duals[np.setdiff1d(np.arange(shape[1]), found.column_of)].any()


def test_where_all_pairs_cost_the_same_few_are_no_quicker() -> None:
    assert solve_by_column_generation(costs_of(np.full((100, 100), 5000, np.int16)), np.arange(100)) is None
