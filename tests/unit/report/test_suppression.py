"""What is withheld cannot be found again: not by subtraction, and not by knowing the rule (A34)."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.report.suppression import MIN_CELL_SIZE, suppressed_cells, suppressed_counts


def tables(people: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Yield every table of this many cells that adds up to this many people."""
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for others in tables(people - first, cells - 1):
            yield (first, *others)


@pytest.mark.parametrize(("cells", "most"), [(2, 40), (3, 24), (4, 18), (5, 14)])
def test_no_withheld_cell_can_be_computed_from_the_rule_and_the_total(cells: int, most: int) -> None:
    for people in range(1, most + 1):
        behind: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
        for table in tables(people, cells):
            hidden = suppressed_counts(table)
            behind[tuple(None if at in hidden else count for at, count in enumerate(table))].append(table)
        for shown, possible in behind.items():
            for place, count in enumerate(shown):
                if count is None:
                    assert len({table[place] for table in possible}) > 1, (shown, possible)


@given(counts=st.lists(st.integers(0, 12), min_size=2, max_size=10))
def test_no_cell_of_one_to_four_is_shown_and_those_withheld_are_five_together(counts: list[int]) -> None:
    hidden = suppressed_counts(counts)
    assert not any(0 < count < MIN_CELL_SIZE for place, count in enumerate(counts) if place not in hidden)
    assert len(hidden) in {0, *range(2, len(counts) + 1)}
    if hidden:
        assert sum(counts[place] for place in hidden) >= MIN_CELL_SIZE or len(hidden) == len(counts)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((9, 0, 0), (9, 0, 0)),
        ((9, 5, 6), (9, 5, 6)),
        ((9, 3, 3), (9, None, None)),
        ((9, 6, 3), (9, None, None)),
        ((9, 2, 1), (None, None, None)),
        ((9, 4, 4), (None, None, None)),
        ((9, 4, 4, 0), (9, None, None, None)),
        ((3, 0), (None, None)),
        ((0, 0), (0, 0)),
    ],
)
def test_the_smallest_others_go_with_a_small_cell(counts: tuple[int, ...], shown: tuple[int | None, ...]) -> None:
    hidden = suppressed_counts(counts)
    assert tuple(None if place in hidden else count for place, count in enumerate(counts)) == shown


def test_who_answered_often_counts_once() -> None:
    often = ["P01"] * 9
    assert suppressed_cells([often, [f"P{number}" for number in range(2, 9)]]) == {0, 1}
