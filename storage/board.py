"""All mentorships of a cohort in one look: who, in which phase, and what both said in each check-in window."""

from datetime import datetime
from itertools import groupby
from operator import itemgetter

from schemas.mentorship.board import BoardMentorship, BoardWindow
from storage.database import Db, queries


async def board(db: Db, cohort_id: str, now: datetime) -> tuple[BoardMentorship, ...]:
    """Return every mentorship of a cohort with its check-in windows as of a moment, by id."""
    check_ins = [dict(row) async for row in queries.board_check_ins(db, cohort_id=cohort_id, now=now)]
    rows = [dict(row) async for row in queries.board(db, cohort_id=cohort_id)]
    windows = {
        mentorship: tuple(BoardWindow.model_validate(row) for row in group)
        for mentorship, group in groupby(check_ins, itemgetter("mentorship_id"))
    }
    return tuple(BoardMentorship(**row, windows=windows.get(row["id"], ())) for row in rows)
