"""The board of a class: every mentorship, what both said each quarter, and what needs staff, most urgent first."""

from collections import Counter
from enum import StrEnum

from domain.calendar import local_day
from domain.mentorship.digest import ORDER_OF_CONCERNS
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Phase, StaffReason, WindowStatus
from schemas.mentorship.board import BoardMentorship
from services.context import ServiceContext
from storage import board as stored
from storage import digests


class BoardOrder(StrEnum):
    """How the board is sorted."""

    URGENCY = "urgency"  # what needs staff first
    NAME = "name"  # by the mentor's name
    SILENCE = "silence"  # who has not been heard of for longest first


class BoardFilter(FrozenModel):
    """Which mentorships the board shows: of a phase, with a concern, or both; without ``put_off`` none put off."""

    phase: Phase | None = None
    concern: StaffReason | None = None
    put_off: bool = True


class Board(FrozenModel):
    """The mentorships that match, and the counts of all; ``windows`` is the largest number of check-in windows."""

    mentorships: tuple[BoardMentorship, ...]
    total: int
    windows: int
    phases: dict[Phase, int]
    concerns: dict[StaffReason, int]


async def read_board(
    context: ServiceContext, cohort: CohortSettings, board_filter: BoardFilter, order: BoardOrder
) -> Board:
    """Return the board of a class; it takes no worker."""
    now = context.now(cohort.id)
    put_offs = await digests.put_offs(context.pool, cohort, now)
    today = local_day(now, cohort.time_zone)
    everyone = [
        one.model_copy(update={"put_off": put_offs[one.id]})
        if one.id in put_offs and put_offs[one.id].look_again_on > today
        else one
        for one in await stored.board(context.pool, cohort.id, now)
    ]
    return Board(
        mentorships=tuple(sorted((one for one in everyone if _matches(one, board_filter)), key=_KEYS[order])),
        total=len(everyone),
        windows=max((len(one.windows) for one in everyone), default=0),
        phases=Counter(one.phase for one in everyone),
        concerns=Counter(concern for one in everyone for concern in one.concerns),
    )


HeatRow = tuple[tuple[WindowStatus | None, WindowStatus | None], ...]


def heat_map(board: Board) -> tuple[HeatRow, ...]:
    """Return what mentor and mentee said in each window, a row for each mentorship, without saying whose it is.

    The rows are in the order of what they say, so that their place tells nobody's name; None is a window to come.
    """
    rows = (tuple((window.mentor_status, window.mentee_status) for window in one.windows) for one in board.mentorships)
    return tuple(sorted(rows, key=lambda row: [(str(mentor), str(mentee)) for mentor, mentee in row]))


def window_counts(board: Board) -> tuple[dict[WindowStatus, int], ...]:
    """Return how often each answer was given in each window, by mentors and mentees together."""
    counts: list[Counter[WindowStatus]] = [Counter() for _ in range(board.windows)]
    for row in heat_map(board):
        for window, said in zip(counts, row, strict=False):
            window.update(status for status in said if status)
    return tuple(map(dict, counts))


def _matches(one: BoardMentorship, board_filter: BoardFilter) -> bool:
    if board_filter.phase and one.phase is not board_filter.phase:
        return False
    if board_filter.concern and board_filter.concern not in one.concerns:
        return False
    return board_filter.put_off or one.put_off is None


def _urgency(one: BoardMentorship) -> tuple[object, ...]:
    most_urgent = min(map(ORDER_OF_CONCERNS.index, one.concerns), default=len(ORDER_OF_CONCERNS))
    # What was put off comes after what was not. The shorter id first: 2 before 10.
    return one.put_off is not None, most_urgent, one.outcome is not None, len(one.id), one.id


def _silence(one: BoardMentorship) -> tuple[object, ...]:
    last = one.last_sign
    return one.outcome is not None, last.timestamp() if last else 0.0, len(one.id), one.id


_KEYS = {
    BoardOrder.URGENCY: _urgency,
    BoardOrder.NAME: lambda one: (one.mentor, one.mentee, one.id),
    BoardOrder.SILENCE: _silence,
}
