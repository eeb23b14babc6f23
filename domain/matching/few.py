"""The cheapest matching on a few pairs alone: quick, and right for all pairs once no other would pay."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from domain.matching.costs import Real
from domain.matching.prices import Index, Optimum, priced_by_few

FEW_PER_ROW = 12
SAMPLED_CELLS = 4096
TRIED_AT_MOST = 5
FEW_SHARE = 0.2


def optimum_of_few(shape: tuple[int, int], cells: Index, worth: Real) -> Optimum:
    """Return the optimum over some ``cells`` of a table, ascending positions, whose finite costs are ``worth``.

    There must be a full matching of the rows among them.
    """
    rows, columns = np.divmod(cells, shape[1])
    starts = np.searchsorted(rows, np.arange(shape[0] + 1)).astype(np.int32)
    # The solver takes a stored zero for a missing pair, so the least cost is made 1.
    graph = csr_array((worth - worth.min() + 1, columns.astype(np.int32), starts), shape=shape)
    column_of = min_weight_full_bipartite_matching(graph)[1].astype(np.intp)
    return priced_by_few(column_of, rows, columns, worth, shape[1])


def optimum_by_few(table: Real, column_of: Index) -> Optimum | None:
    """Solve on the cheapest pairs, add all others that would pay at these prices, and repeat until none does.

    The prices then hold for the whole table. ``column_of`` is any full matching. None where too many pairs are wanted
    for this to be quicker than working on all at once, as where many cost the same.
    """
    sample = table.ravel()[:: table.size // SAMPLED_CELLS | 1]
    line = np.partition(sample, FEW_PER_ROW * len(sample) // table.shape[1])[FEW_PER_ROW * len(sample) // table.shape[1]]
    wanted = (table <= line) & (table < np.inf)
    wanted[np.arange(len(table)), column_of] = True
    for _ in range(TRIED_AT_MOST):
        cells = np.flatnonzero(wanted)
        if len(cells) > FEW_SHARE * table.size:
            return None
        found = optimum_of_few(table.shape, cells, table.ravel()[cells])
        paying = table - found.row_prices[:, None] < found.column_prices
        if not paying.any():
            return found
        wanted |= paying
    return None
