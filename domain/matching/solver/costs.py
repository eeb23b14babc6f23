"""An objective as costs: one whole number per pair, so that the best matching has the smallest sum."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.matching.scores import FORBIDDEN, MAX_SCORE, Scores, row_blocks, score_submatrix
from schemas.errors import Refusal

Whole = NDArray[np.int64]
# Costs and duals are whole numbers held in floating point, which is exact up to 2**53; a forbidden pair is infinite.
Real = NDArray[np.float64]

# Two bits below the limit, so that a cost minus two duals is exact too.
MAX_EXACT_COST = 2**51


class AimWeights(NamedTuple):
    """The weight of one unit of each aim; each outweighs any number of units of those after it.

    ``waiting`` weighs a mentee left out who waited since the last cohort, ``change`` a pair that an earlier run did not
    have, ``per_band`` a match below a band's limit, lowest limit first. A point of score weighs 1.
    """

    waiting: int
    change: int
    per_band: tuple[int, ...]

    def differences(self, cost: float) -> tuple[int, ...]:
        """Return what a difference in cost consists of: waiting, changes, matches below each limit, points lost."""
        remainder = int(cost)
        counts = []
        for worth in (self.waiting, self.change, *self.per_band):
            count = (remainder + worth // 2) // worth if worth else 0
            counts.append(count)
            remainder -= count * worth
        return (*counts, remainder)


def aim_weights(bands: tuple[int, ...], matches: int, *, change: bool = False, waiting: bool = False) -> AimWeights:
    """Return the weights for at most so many matches; an aim that is not pursued weighs 0.

    Each weight is twice what all matches could differ by in the aims below it, so that a difference can be taken apart.
    Where that exceeds what floating point represents exactly, once the difference still keeps the order. Raises Refusal
    where even that is too much.
    """
    matches = max(matches, 1)
    for apart in (2, 1):
        worth = apart * MAX_SCORE * matches + 1
        worths = [worth * (apart * matches + 1) ** step for step in range(len(bands) + change + waiting)]
        if not worths or worths[-1] <= MAX_EXACT_COST:
            per_band = tuple(reversed(worths[: len(bands)]))
            return AimWeights(worths[-1] if waiting else 0, worths[len(bands)] if change else 0, per_band)
    raise Refusal("So many aims cannot be kept apart exactly for so many people: choose the objective total.")


def cost_by_score(bands: tuple[int, ...], per_band: tuple[int, ...]) -> Real:
    """Return the cost of each score from 0 to 10,000; the last entry, which index -1 finds, is a forbidden pair's."""
    costs = np.arange(MAX_SCORE, -2.0, -1.0)
    for line, worth in zip(bands, per_band, strict=True):
        # A match below the poor line is below the fair line too, and pays for both.
        costs[:line] += worth
    costs[FORBIDDEN] = np.inf
    return costs


@dataclass(frozen=True)
class Costs:
    """The costs of a table of pairs, computed block by block and never stored whole.

    A pair costs ``bonus`` less where its row and column labels are equal (a pair of an earlier run). ``row_extra`` and
    ``column_extra`` are added to all pairs of a row or column: a negative one for somebody who must not be left out.
    """

    scores: Scores
    by_score: Real
    aim_weights: AimWeights
    row_labels: Whole
    column_labels: Whole
    bonus: int
    row_extra: Real
    column_extra: Real

    @cached_property
    def _extra(self) -> bool:
        return bool(self.row_extra.any() or self.column_extra.any())

    def rows(self, rows: slice | NDArray[np.intp], out: Real | None = None) -> Real:
        """Return the costs of some rows with every column, in ``out`` where it is given."""
        # "wrap" lets -1, a forbidden pair, find the last entry, and spares NumPy a buffer for ``out``.
        costs: Real = np.take(self.by_score, self.scores[rows], out=out, mode="wrap")
        if self.bonus:
            costs -= self.bonus * (self.row_labels[rows, None] == self.column_labels)
        if self._extra:
            costs += self.row_extra[rows, None] + self.column_extra
        return costs

    def table(self) -> Real:
        """Return all costs at once."""
        table = np.empty(self.scores.shape)
        for block in self.row_blocks():
            self.rows(block, out=table[block])
        return table

    def pairs(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Real:
        """Return the costs of single pairs."""
        costs: Real = self.by_score[self.scores[rows, columns]]
        if self.bonus:
            costs -= self.bonus * (self.row_labels[rows] == self.column_labels[columns])
        if self._extra:
            costs += self.row_extra[rows] + self.column_extra[columns]
        return costs

    def row_blocks(self) -> list[slice]:
        """Return slices of rows small enough to be computed one after the other."""
        return row_blocks(*self.scores.shape)

    def submatrix(self, rows: NDArray[np.intp], columns: NDArray[np.intp], scores: Scores | None = None) -> "Costs":
        """Return the costs of some rows and columns, in the order given; ``scores`` may pass theirs in."""
        return replace(
            self,
            scores=score_submatrix(self.scores, rows, columns) if scores is None else scores,
            row_labels=self.row_labels[rows],
            column_labels=self.column_labels[columns],
            row_extra=self.row_extra[rows],
            column_extra=self.column_extra[columns],
        )

    def transposed(self) -> "Costs":
        """Return the same pairs with columns as rows."""
        return replace(
            self,
            scores=np.ascontiguousarray(self.scores.T),
            row_labels=self.column_labels,
            column_labels=self.row_labels,
            row_extra=self.column_extra,
            column_extra=self.row_extra,
        )
