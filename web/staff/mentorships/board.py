"""The board of a class, and the same without names as a heat map."""

from enum import StrEnum
from typing import TypeVar

from starlette.responses import Response
from starlette.routing import Route

from domain.labels import label
from domain.mentorship.concern_words import short_concern
from schemas.enums import Phase, StaffAccess, StaffReason, WindowStatus
from services.mentorships.board import BoardFilter, BoardOrder, heat_map, read_board, window_counts
from web.staff.console import CLASS, Console, StaffVisit

BOARD = f"{CLASS}/board"
HEAT_MAP = f"{CLASS}/heat-map"
# A letter beside the color, because color alone says nothing to some.
SIGNS = {
    WindowStatus.MET: ("M", "met"),
    WindowStatus.PLANNED: ("P", "planned"),
    WindowStatus.NOT_YET: ("N", "not yet"),
    WindowStatus.UNANSWERED: ("–", "no answer"),
}
_ORDERS = (
    (BoardOrder.URGENCY, "What needs you first"),
    (BoardOrder.NAME, "By name"),
    (BoardOrder.SILENCE, "Longest silence first"),
)


class BoardPages:
    """Shows the board to those who may see people, and the heat map to all."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            self._console.route(BOARD, self.show, name="staff_board", needed=StaffAccess.COORDINATOR),
            self._console.route(HEAT_MAP, self.show_heat_map, name="staff_heat_map", needed=StaffAccess.READER),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show the mentorships that match the filter of the address; what it does not know is left out."""
        asked = visit.request.query_params
        board_filter = BoardFilter(
            phase=_one_of(Phase, asked.get("phase")),
            concern=_one_of(StaffReason, asked.get("concern")),
            put_off=asked.get("put_off") != "hide",
        )
        order = _one_of(BoardOrder, asked.get("order")) or BoardOrder.URGENCY
        board = await read_board(visit.services, visit.cohort, board_filter, order)
        return await self._console.show(
            visit,
            "staff_board.html",
            board=board,
            board_filter=board_filter,
            order=order,
            orders=_ORDERS,
            phases=[(phase, label(phase).capitalize()) for phase in Phase if phase in board.phases],
            concerns=[
                (reason, short_concern(reason).capitalize()) for reason in StaffReason if reason in board.concerns
            ],
            signs=SIGNS,
            map_path=visit.path(HEAT_MAP),
        )

    async def show_heat_map(self, visit: StaffVisit) -> Response:
        """Show what was said window by window, without whose it is."""
        board = await read_board(visit.services, visit.cohort, BoardFilter(), BoardOrder.URGENCY)
        return await self._console.show(
            visit, "staff_heat_map.html", rows=heat_map(board), counts=window_counts(board), signs=SIGNS
        )


Member = TypeVar("Member", bound=StrEnum)


def _one_of(kind: type[Member], text: str | None) -> Member | None:
    return next((member for member in kind if member == text), None)
