"""The table of scores a match run is solved on: mentees by mentors, 0 to 10,000, forbidden pairs marked."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from schemas.errors import Refusal

# Two bytes a pair: 10,000 mentees by 10,000 mentors take 200 MB.
Scores = NDArray[np.int16]
Capacities = NDArray[np.int64]
# Which column each row has, or UNPLACED.
Positions = NDArray[np.int64]
Pin = tuple[int, int]

FORBIDDEN: Final = -1
UNPLACED: Final = -1
MAX_SCORE: Final = 10_000
# Work on large tables goes block by block, so that temporary tables stay near 30 MB.
BLOCK_CELLS: Final = 4_000_000
# Where a block's tables are gone over several times: a few hundred kilobytes, which memory need not be asked for anew.
CACHED_BLOCK_CELLS: Final = 16_000
MIN_BLOCK_ROWS: Final = 16


def validate_scores(scores: ArrayLike) -> Scores:
    """Return a table of scores (mentees, mentors) as int16, or raise Refusal where it is none.

    Whole numbers from 0 to 10,000 are scores, -1 marks a forbidden pair; anything else is refused.
    """
    table = np.asarray(scores)
    if table.ndim != 2:
        raise Refusal(f"Scores must be a table of mentees by mentors; this has {table.ndim} dimensions.")
    if table.dtype == np.bool_ or table.dtype.kind not in "iuf":
        raise Refusal(f"Scores must be whole numbers; these are {table.dtype}.")
    if table.dtype.kind == "f" and not (np.isfinite(table).all() and (table == np.floor(table)).all()):
        raise Refusal("Scores must be whole numbers; there is a fraction, a NaN or an infinity among them.")
    if table.size and (table.min() < FORBIDDEN or table.max() > MAX_SCORE):
        raise Refusal(f"Scores must lie between 0 and {MAX_SCORE:,}, or be -1 for a forbidden pair.")
    return table.astype(np.int16, copy=False)


def validate_capacities(capacities: ArrayLike | None, mentors: int) -> Capacities:
    """Return how many mentees each mentor can take, one each unless said otherwise; 0 closes a mentor."""
    if capacities is None:
        return np.ones(mentors, np.int64)
    table = np.asarray(capacities)
    if table.shape != (mentors,):
        raise Refusal(f"There are {mentors} mentors but capacities of shape {table.shape}; give one number each.")
    if table.dtype.kind not in "iu" and not (table.dtype.kind == "f" and (table == np.floor(table)).all()):
        raise Refusal("Capacities must be whole numbers.")
    if table.size and table.min() < 0:
        raise Refusal(f"Mentor {int(table.argmin())} has the capacity {int(table.min())}; it must be 0 or more.")
    return table.astype(np.int64)


def validate_pins(pins: Iterable[Pin], scores: Scores, capacities: Capacities) -> tuple[Pin, ...]:
    """Return the pins without repetition, or raise Refusal where one is impossible or two contradict each other."""
    mentor_of: dict[int, int] = {}
    taken = np.zeros(len(capacities), np.int64)
    for mentee, mentor in pins:
        if not (0 <= mentee < scores.shape[0] and 0 <= mentor < scores.shape[1]):
            raise Refusal(f"The pin ({mentee}, {mentor}) is outside the table of scores.")
        if mentor_of.get(mentee, mentor) != mentor:
            raise Refusal(f"Mentee {mentee} is pinned to two mentors, {mentor_of[mentee]} and {mentor}.")
        if scores[mentee, mentor] == FORBIDDEN:
            raise Refusal(f"The pin ({mentee}, {mentor}) is a forbidden pair.")
        taken[mentor] += mentee not in mentor_of
        mentor_of[mentee] = mentor
    if (taken > capacities).any():
        mentor = int((taken > capacities).argmax())
        raise Refusal(f"Mentor {mentor} can take {capacities[mentor]} but has {taken[mentor]} pins.")
    return tuple(sorted(mentor_of.items()))


def validate_bands(bands: Iterable[int]) -> tuple[int, ...]:
    """Return the score lines of the bands, or raise Refusal unless they ascend within 0 to 10,000."""
    lines = tuple(int(line) for line in bands)
    if any(first >= second for first, second in pairwise(lines)):
        raise Refusal(f"Bands must ascend; these are {lines}.")
    if any(not 0 <= line <= MAX_SCORE for line in lines):
        raise Refusal(f"Bands must lie between 0 and {MAX_SCORE:,}; these are {lines}.")
    return lines


def row_blocks(rows: int, columns: int) -> list[slice]:
    """Return the rows of a table block by block, so that what is worked out beside it stays small and near."""
    step = max(MIN_BLOCK_ROWS, CACHED_BLOCK_CELLS // max(1, columns))
    return [slice(start, start + step) for start in range(0, rows, step)]


def score_submatrix(scores: Scores, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Scores:
    """Return the scores of some rows and columns, in the order given, in one copy."""
    submatrix = np.empty((len(rows), len(columns)), np.int16)
    for block in row_blocks(len(rows), scores.shape[1]):
        # NumPy buffers ``out`` unless a mode says what to do outside the range.
        np.take(scores[rows[block]], columns, axis=1, out=submatrix[block], mode="clip")
    return submatrix
