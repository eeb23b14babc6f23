"""Why a page shows no form now: too early, closed, sent already, without questions, or the farewell."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendar import local_day
from schemas.enums import MilestoneKind
from schemas.forms.catalog import Question
from schemas.mentorship.responses import ResponsePage
from web.form import SENT_ONCE


class PageState(StrEnum):
    """Why a page shows no form; each has a template of the same name."""

    EARLY = "early"
    CLOSED = "closed"
    SENT = "sent"
    EMPTY = "empty"
    FAREWELL = "farewell"


def page_state(page: ResponsePage, questions: Sequence[Question], now: datetime) -> PageState | None:
    """Return why there is no form at a moment, or None where there is one.

    The farewell, with its certificate (A39), never closes once its day has come or the mentorship has ended early.
    """
    if page.kind is MilestoneKind.FAREWELL and page.outcome:
        return PageState.FAREWELL
    if now < page.opens_at:
        return PageState.EARLY
    if page.kind is MilestoneKind.FAREWELL:
        return PageState.FAREWELL
    if page.kind in SENT_ONCE and page.answers:
        return PageState.SENT
    if now >= page.closes_at:
        return PageState.CLOSED
    return None if questions else PageState.EMPTY


def last_day(page: ResponsePage) -> date:
    """Return the last day on which answers were taken: what the plan dropped closed before the day that was named."""
    return min(local_day(page.closes_at - timedelta(seconds=1), page.cohort.time_zone), page.closes_on)
