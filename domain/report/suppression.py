"""What a report may not show: how few people are too few, and which other cells must go with those of so few.

A cell that is withheld alone could be found again by subtracting the others from the whole. So the smallest of the
others go with it, until those withheld together are five people or more, and none of them can be told for certain.
"""

from collections.abc import Collection, Sequence

MIN_CELL_SIZE = 5


def is_too_few(people: Collection[str]) -> bool:
    """Tell whether a figure that rests on these people (or pairs) must be withheld."""
    return len(set(people)) < MIN_CELL_SIZE


def suppressed_cells(cells: Sequence[Collection[str]]) -> frozenset[int]:
    """Return the places of the cells of a whole that must be withheld; each cell holds the people it counts.

    Where every cell holds nobody, or five and more, all are shown. Otherwise all cells of fewer than five are withheld,
    the empty ones too: else a reader who knows that withheld means one to four could do the sum.
    """
    sizes = [len(set(cell)) for cell in cells]
    if not any(0 < size < MIN_CELL_SIZE for size in sizes):
        return frozenset()
    for most in range(MIN_CELL_SIZE - 1, max(sizes)):
        # All cells of one size go together: which of them went would tell something too.
        hidden = [place for place, size in enumerate(sizes) if size <= most]
        if not _tells(hidden, cells, sizes):
            return frozenset(hidden)
    return frozenset(range(len(cells)))


def suppressed_counts(counts: Sequence[int]) -> frozenset[int]:
    """Return the same for cells in which everybody counts once."""
    return suppressed_cells([[f"{place}/{person}" for person in range(count)] for place, count in enumerate(counts)])


def _tells(hidden: Sequence[int], cells: Sequence[Collection[str]], sizes: Sequence[int]) -> bool:
    """Tell whether a reader could do the sum: the hidden are few, or each as many as few can be at most."""
    together = {person for place in hidden for person in cells[place]}
    at_most = (MIN_CELL_SIZE - 1) * len(hidden)
    return is_too_few(together) or sum(sizes[place] for place in hidden) == at_most
