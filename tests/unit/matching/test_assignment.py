from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from domain.matching.solver import dense_solver
from domain.matching.solver.assignment import Assignment, solve
from domain.matching.solver.certificate import verify_proof
from schemas.cohort.settings import Objective
from schemas.errors import Refusal

Table = NDArray[np.int32]

BANDS = (4000, 6000)


@st.composite
def tasks(draw: st.DrawFn) -> dict[str, Any]:
    mentees, mentors = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    some_scores = st.sampled_from((-1, -1, 0, 1, 3999, 4000, 5999, 6000, 9999, 10000))
    row = st.lists(some_scores, min_size=mentors, max_size=mentors)
    scores = np.array(draw(st.lists(row, min_size=mentees, max_size=mentees)), np.int32)
    capacities = draw(st.lists(st.integers(0, 2), min_size=mentors, max_size=mentors))
    allowed = [(p, m) for p, m in product(range(mentees), range(mentors)) if scores[p, m] >= 0 and capacities[m]]
    pins = draw(st.lists(st.sampled_from(allowed), max_size=1)) if allowed else []
    return {"scores": scores, "capacities": capacities, "pins": pins}


def worth(scores: Table, mentor_of: tuple[int, ...], objective: Objective) -> tuple[int, ...]:
    reached = [int(scores[p, m]) for p, m in enumerate(mentor_of) if m >= 0]
    if objective == "bands":
        return (len(reached), *(-sum(score < line for score in reached) for line in BANDS), sum(reached))
    if objective == "bottleneck":
        return (len(reached), min(reached, default=0), sum(reached))
    return (len(reached), sum(reached))


def best_of_all(task: dict[str, Any], objective: Objective) -> tuple[int, ...]:
    scores, capacities, pins = task["scores"], task["capacities"], dict(task["pins"])
    choices = [
        [pins[p]] if p in pins else [-1, *np.flatnonzero(scores[p] >= 0).tolist()] for p in range(scores.shape[0])
    ]
    every = (each for each in product(*choices) if all(each.count(m) <= most for m, most in enumerate(capacities)))
    return max(worth(scores, each, objective) for each in every)


def summary(assignment: Assignment) -> tuple[object, ...]:
    return assignment.coverage, assignment.band_counts, assignment.total, assignment.worst


def random_table(chance: np.random.Generator, case: int) -> Table:
    rows, columns = int(chance.integers(1, 25)), int(chance.integers(1, 25))
    highest = (3, 12, 10001)[case % 3]
    scores = chance.integers(0, highest, (rows, columns)) * (10000 // (highest - 1))
    scores[chance.random(scores.shape) < (0.0, 0.1, 0.5, 0.9)[case % 4]] = -1
    if case % 5 == 0:
        scores[chance.integers(rows)] = -1
    return scores.astype(np.int32)


@given(tasks(), st.sampled_from(("bands", "total", "bottleneck")))
@settings(max_examples=200, deadline=None)
def test_no_matching_of_all_is_better(task: dict[str, Any], objective: Objective) -> None:
    found = solve(**task, bands=BANDS, objective=objective)
    assert worth(task["scores"], tuple(found.mentor_of.tolist()), objective) == best_of_all(task, objective)
    assert found.certificate.valid


@given(tasks(), st.sampled_from(("bands", "total", "bottleneck", "stable")))
@settings(max_examples=150, deadline=None)
def test_forbidden_pairs_closed_places_and_pins_are_respected(task: dict[str, Any], objective: Objective) -> None:
    found = solve(**task, bands=BANDS, objective=objective)
    placed = np.flatnonzero(found.mentor_of >= 0)
    assert (task["scores"][placed, found.mentor_of[placed]] >= 0).all()
    assert (np.bincount(found.mentor_of[placed], minlength=len(task["capacities"])) <= task["capacities"]).all()
    assert all(found.mentor_of[mentee] == mentor for mentee, mentor in task["pins"])
    assert found.coverage == len(placed) == sum(found.band_counts)


@given(tasks())
@settings(max_examples=150, deadline=None)
def test_stable_matching_has_no_blocking_pair(task: dict[str, Any]) -> None:
    found = solve(task["scores"], capacities=task["capacities"], objective="stable")
    scores = task["scores"]
    held: list[list[int]] = [[] for _ in task["capacities"]]
    for mentee, mentor in enumerate(found.mentor_of.tolist()):
        if mentor >= 0:
            held[mentor].append(int(scores[mentee, mentor]))
    for mentee, mentor in np.argwhere(scores >= 0).tolist():
        own = found.mentor_of[mentee]
        would = scores[mentee, mentor] > (scores[mentee, own] if own >= 0 else -1)
        has_room = len(held[mentor]) < task["capacities"][mentor]
        accepts = has_room or any(score < scores[mentee, mentor] for score in held[mentor])
        assert not (would and accepts)
    assert found.blocking_pairs == 0


def test_blocking_pairs_are_counted() -> None:
    # The total is highest crosswise, but the first mentee and the first mentor would rather have each other.
    found = solve(np.array([[9, 8], [8, 1]]), objective="total")
    assert found.mentor_of.tolist() == [1, 0]
    assert found.blocking_pairs == 1


def test_sparse_path_reaches_what_the_dense_one_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(305)
    for case in range(200):
        scores = random_table(chance, case)
        capacities = chance.integers(0, 3, scores.shape[1])
        dense = solve(scores, capacities=capacities, bands=BANDS)
        with monkeypatch.context() as patch:
            patch.setattr(dense_solver, "MAX_DENSE_CELLS", 0)
            sparse = solve(scores, capacities=capacities, bands=BANDS)
        assert summary(sparse) == summary(dense)
        assert sparse.certificate.valid
        assert dense.certificate.valid


@pytest.mark.parametrize("objective", ["bands", "total", "bottleneck", "stable"])
def test_order_of_rows_and_columns_decides_nothing(objective: Objective) -> None:
    chance = np.random.default_rng(7)
    for _ in range(25):
        scores = chance.integers(-1, 40, (12, 15)) * 250
        scores[scores < 0] = -1
        rows, columns = chance.permutation(12), chance.permutation(15)
        before = solve(scores, bands=BANDS, objective=objective)
        after = solve(scores[rows][:, columns], bands=BANDS, objective=objective)
        assert columns[after.mentor_of].tolist() == before.mentor_of[rows].tolist()


def test_forbidden_pair_is_left_out_though_all_scores_are_zero() -> None:
    found = solve(np.array([[-1, 0], [-1, 0]]))
    assert found.coverage == 1
    assert sorted(found.mentor_of.tolist()) == [-1, 1]


def test_those_who_waited_are_placed_first() -> None:
    scores = np.array([[9000], [10000], [100]])
    assert solve(scores).mentor_of.tolist() == [-1, 0, -1]
    found = solve(scores, waited=[False, False, True])
    assert found.mentor_of.tolist() == [-1, -1, 0]
    assert found.certificate.valid


def test_no_bands_means_highest_total() -> None:
    scores = np.random.default_rng(1).integers(0, 10001, (20, 20))
    assert solve(scores).total == solve(scores, objective="total").total


def test_proof_that_does_not_fit_is_not_valid() -> None:
    scores = np.random.default_rng(2).integers(0, 10001, (9, 9))
    found = solve(scores, bands=BANDS)
    proof, costs, capacities = found.certificate.proof, found.certificate.costs, found.certificate.capacities
    assert proof is not None
    assert costs is not None
    assert verify_proof(costs, found.mentor_of, capacities, proof)
    worse = found.mentor_of[[1, 0, *range(2, 9)]]
    assert not verify_proof(costs, worse, capacities, proof)
    nobody = np.where(np.arange(9) == 0, -1, found.mentor_of)
    assert not verify_proof(costs, nobody, capacities, proof)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"scores": np.array([[1.5]])}, "whole numbers"),
        ({"scores": np.array([[np.nan]])}, "NaN"),
        ({"scores": np.array([[np.inf]])}, "infinity"),
        ({"scores": np.array([[10001]])}, "10,000"),
        ({"scores": np.array([[-2]])}, "-1"),
        ({"scores": np.array([1, 2])}, "table"),
        ({"scores": np.array([["a"]])}, "whole numbers"),
        ({"capacities": [-1, 1]}, "0 or more"),
        ({"capacities": [1]}, "one number each"),
        ({"capacities": [0.5, 1]}, "whole numbers"),
        ({"pins": [(0, 5)]}, "outside the table of scores"),
        ({"pins": [(-1, 0)]}, "outside the table of scores"),
        ({"pins": [(0, 0), (0, 1)]}, "two mentors"),
        ({"pins": [(0, 0), (1, 0)]}, "can take 1 but has 2"),
        ({"pins": [(1, 1)]}, "forbidden"),
        ({"bands": (6000, 4000)}, "ascend"),
        ({"bands": (4000, 20000)}, "between 0 and 10,000"),
        ({"objective": "best"}, "bottleneck"),
        ({"waited": [True]}, "each of the 2"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(change: dict[str, Any], says: str) -> None:
    task: dict[str, Any] = {"scores": np.array([[1, 2], [3, -1]]), "bands": BANDS} | change
    with pytest.raises(Refusal, match=says):
        solve(**task)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
@pytest.mark.parametrize("objective", ["bands", "total", "bottleneck", "stable"])
def test_empty_side_places_nobody(shape: tuple[int, int], objective: Objective) -> None:
    found = solve(np.zeros(shape, np.int32), objective=objective)
    assert (found.coverage, found.total, found.worst) == (0, 0, 0)
    assert found.mentor_of.tolist() == [-1] * shape[0]
    assert found.certificate.valid


@pytest.mark.parametrize("objective", ["bands", "total", "bottleneck", "stable"])
def test_all_forbidden_places_nobody(objective: Objective) -> None:
    found = solve(np.full((4, 5), -1), bands=BANDS, objective=objective)
    assert found.coverage == 0
    assert found.certificate.valid


@pytest.mark.parametrize("objective", ["bands", "total", "bottleneck", "stable"])
def test_a_thousand_identical_people_are_matched_at_once(objective: Objective) -> None:
    found = solve(np.full((1000, 900), 5000), bands=BANDS, objective=objective)
    assert (found.coverage, found.total) == (900, 900 * 5000)
    assert found.certificate.valid


@pytest.mark.parametrize("objective", ["bands", "total", "bottleneck", "stable"])
def test_a_thousand_people_who_all_want_the_same_are_matched_at_once(objective: Objective) -> None:
    scores = np.tile(np.random.default_rng(8).permutation(1000), (1000, 1))
    found = solve(scores, bands=(200, 600), objective=objective)
    assert (found.coverage, found.total) == (1000, 999 * 500)
    assert found.certificate.valid


def test_repeated_pin_counts_once() -> None:
    found = solve(np.array([[1, 2], [3, 4]]), pins=[(0, 0), (0, 0)])
    assert found.mentor_of.tolist() == [0, 1]


def test_earlier_pairs_are_kept_where_a_drop_out_allows() -> None:
    chance = np.random.default_rng(12)
    scores = chance.integers(0, 10001, (30, 33))
    first = solve(scores, bands=BANDS)
    gone = int(first.mentor_of[4])
    capacities = np.ones(33, np.int64)
    capacities[gone] = 0
    again = solve(scores, capacities=capacities, bands=BANDS, earlier=first.mentor_of)
    assert np.flatnonzero(again.mentor_of != first.mentor_of).tolist() == [4]
    assert again.certificate.valid
