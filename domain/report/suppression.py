"""Cell suppression: how few people are too few to show, and which other cells must be withheld with theirs.

A cell that is withheld alone can be found by subtracting the others from the total. So the smallest of the others are
withheld too, until those withheld together are five people or more, and none of them can be computed.
"""

from collections.abc import Collection, Sequence

# Classes are small, and people know each other (decision 15).
MIN_CELL_SIZE = 5


def is_too_few(people: Collection[str]) -> bool:
    """Tell whether a figure that rests on these people (or pairs) must be withheld."""
    return len(set(people)) < MIN_CELL_SIZE


def suppressed_cells(cells: Sequence[Collection[str]]) -> frozenset[int]:
    """Return the positions of the cells of a total that must be withheld; each cell has the people it counts.

    Where every cell holds nobody, or five and more, all are shown. Otherwise all cells of fewer than five are withheld,
    the empty ones too: a reader who knows that withheld means one to four could otherwise compute them.
    """
    sizes = [len(set(cell)) for cell in cells]
    if not any(0 < size < MIN_CELL_SIZE for size in sizes):
        return frozenset()
    for most in range(MIN_CELL_SIZE - 1, max(sizes)):
        # All cells of one size go together: which of them was chosen would reveal something too.
        hidden = [place for place, size in enumerate(sizes) if size <= most]
        if not _are_computable(hidden, cells, sizes):
            return frozenset(hidden)
    return frozenset(range(len(cells)))


def suppressed_counts(counts: Sequence[int]) -> frozenset[int]:
    """Return the same for cells in which everybody counts once."""
    return suppressed_cells([[f"{place}/{person}" for person in range(count)] for place, count in enumerate(counts)])


def _are_computable(hidden: Sequence[int], cells: Sequence[Collection[str]], sizes: Sequence[int]) -> bool:
    """Tell whether a reader could compute a hidden cell: the hidden are too few, or all as large as can be withheld."""
    together = {person for place in hidden for person in cells[place]}
    at_most = (MIN_CELL_SIZE - 1) * len(hidden)
    return is_too_few(together) or sum(sizes[place] for place in hidden) == at_most
