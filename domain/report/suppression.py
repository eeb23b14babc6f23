"""Cell suppression: how few people are too few to show, and which other cells must be withheld with theirs.

A cell that is withheld alone can be found by subtracting the others from the total. So the smallest of the others are
withheld too, until those withheld together are five people or more, and none of them can be computed. What they are
together is known from the total in any case, and is shown: groups too small are merged.

Where several classes are reported together, each has a report of its own, which can be subtracted too. So their tables
say no more than those of the classes, and what only one class withholds is withheld of all. The class of somebody
stands before the slash of their id.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

# Classes are small, and people know each other (decision 15).
MIN_CELL_SIZE = 5


def is_too_few(people: Collection[str]) -> bool:
    """Tell whether a figure that rests on these people (or pairs) must be withheld."""
    few = [own for own in _by_class(people).values() if len(own) < MIN_CELL_SIZE]
    return len(set(people)) < MIN_CELL_SIZE or (bool(few) and _are_findable(few))


def suppressed_cells(cells: Sequence[Collection[str]]) -> frozenset[int]:
    """Return the positions of the cells of a total that must be withheld; each cell has the people it counts.

    Where every cell holds nobody, or five and more, all are shown. Otherwise all cells of fewer than five are withheld,
    the empty ones too: a reader who knows that withheld means one to four could otherwise compute them. Of several
    classes, the cells are shown that each of them shows itself.
    """
    hidden: set[int] = set()
    for own in _by_class([person for cell in cells for person in cell]).values():
        hidden |= _suppressed([[person for person in cell if person in own] for cell in cells])
    return frozenset(hidden)


def suppressed_counts(counts: Sequence[int]) -> frozenset[int]:
    """Return the same for cells in which everybody counts once."""
    return suppressed_cells([[f"{place}-{person}" for person in range(count)] for place, count in enumerate(counts)])


def _suppressed(cells: Sequence[Collection[str]]) -> frozenset[int]:
    sizes = [len(set(cell)) for cell in cells]
    if not any(0 < size < MIN_CELL_SIZE for size in sizes):
        return frozenset()
    for most in range(MIN_CELL_SIZE - 1, max(sizes)):
        # All cells of one size go together: which of them was chosen would reveal something too.
        hidden = [place for place, size in enumerate(sizes) if size <= most]
        if not _are_computable(hidden, cells, sizes):
            return frozenset(hidden)
    return frozenset(range(len(cells)))


def _are_computable(hidden: Sequence[int], cells: Sequence[Collection[str]], sizes: Sequence[int]) -> bool:
    """Tell whether a reader could compute a hidden cell: the hidden are too few, or all as large as can be withheld."""
    together = {person for place in hidden for person in cells[place]}
    at_most = (MIN_CELL_SIZE - 1) * len(hidden)
    return is_too_few(together) or sum(sizes[place] for place in hidden) == at_most


def _are_findable(hiding: Sequence[Collection[str]]) -> bool:
    """Tell whether what several classes withhold, one set of people each, follows from their sum."""
    together = sum(map(len, hiding))
    return len(hiding) < 2 or together < MIN_CELL_SIZE or together == (MIN_CELL_SIZE - 1) * len(hiding)


def _by_class(people: Collection[str]) -> Mapping[str, set[str]]:
    by_class: dict[str, set[str]] = defaultdict(set)
    for person in people:
        head, slash, _ = person.partition("/")
        by_class[head if slash else ""].add(person)
    return by_class
