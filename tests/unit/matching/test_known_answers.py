"""Published instances with known answers; they are read from the folder MILE_TEST_DATA, ../shared/data by default."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from domain.matching.solver.assignment import solve

DATA = Path(os.environ.get("MILE_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))


def present(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not there; set MILE_TEST_DATA to the folder that has it")
    return path


def test_or_library_assign100_costs_305() -> None:
    size, *costs = map(int, present("orlib/assign100.txt").read_text().split())
    table = np.array(costs).reshape(size, size)
    found = solve(10_000 - table, objective="total")
    assert int(table[np.arange(size), found.mentor_of].sum()) == 305
    assert found.certificate.valid


def test_preflib_reviewers_reach_124_75() -> None:
    """Three different reviewers a paper, at most seven papers each (Wagner 1959 for the bound of one on each pair).

    Every pair is a row that goes either to its reviewer, where it counts, or to its paper, where it does not; papers
    take all their pairs but three, and the reviewers' spare places are filled with rows of their own.
    """
    stored = np.load(present("preflib/preflib1.npz"))
    similarity, conflict = stored["similarity_matrix"], stored["mask_matrix"]
    reviewers, papers = similarity.shape
    spare = reviewers * 7 - papers * 3
    scores = np.full((reviewers * papers + spare, reviewers + papers), -1)
    for row, (reviewer, paper) in enumerate(np.ndindex(reviewers, papers)):
        scores[row, reviewers + paper] = 0
        if not conflict[reviewer, paper]:
            scores[row, reviewer] = round(similarity[reviewer, paper] * 10_000)
    scores[reviewers * papers :, :reviewers] = 0
    found = solve(scores, capacities=[7] * reviewers + [reviewers - 3] * papers, objective="total")
    assert found.coverage == len(scores)
    assert found.total == 1_247_500
    assert found.certificate.valid


def test_mentor_match_small_places_all_35_that_its_rules_allow() -> None:
    """Its rules: another organization, and the mentor one or two grades above."""
    grades = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]

    def people(name: str) -> list[tuple[int, str, str]]:
        with present(f"mentor_match/small/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return [(grades.index(row["grade"]), row["organisation"], row["profession"]) for row in rows]

    scores = np.full((50, 50), -1)
    mentors = people("mentors")
    for row, (grade, organization, profession) in enumerate(people("mentees")):
        for column, (above, elsewhere, theirs) in enumerate(mentors):
            if 1 <= above - grade <= 2 and organization != elsewhere:
                scores[row, column] = 4000 * (profession == theirs) + 3000 * (above - grade)
    assert np.count_nonzero(scores >= 0) == 392
    for objective in ("bands", "total", "bottleneck"):
        found = solve(scores, bands=(4000, 6000), objective=objective)
        assert found.coverage == 35
        assert found.certificate.valid
