"""Meetings of a pair: the times that one side proposes, and the date that both agreed on; it never enters Temporal."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from schemas.base import FrozenModel
from schemas.enums import Side

MOST_TIMES = 5
LEAST_MINUTES, MOST_MINUTES = 30, 90


class ProposedTimes(FrozenModel):
    """What one side proposes: up to five moments, how long, and in their own words where.

    ``question`` is the one that the mentee wants to ask. ``moves`` is the meeting whose date would move, by milestone.
    """

    side: Side
    times: tuple[AwareDatetime, ...] = Field(min_length=1, max_length=MOST_TIMES)
    minutes: int = Field(ge=LEAST_MINUTES, le=MOST_MINUTES)
    place: str = ""
    question: str = ""
    moves: str | None = None
    proposed_at: AwareDatetime


class MeetingProposal(ProposedTimes):
    """Proposed times as they were stored, with their number within the mentorship; open until they are closed."""

    mentorship_id: str
    number: int
    reminded_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None


class MeetingDate(FrozenModel):
    """A revision of the date of a meeting, which has the id of its milestone; the last revision counts.

    ``event`` is the revision with which its event in calendars began: another one begins after it was cancelled.
    ``side`` made this revision.
    """

    mentorship_id: str
    milestone_id: str
    revision: int = 1
    side: Side
    starts_at: AwareDatetime
    minutes: int = Field(ge=LEAST_MINUTES, le=MOST_MINUTES)
    place: str = ""
    question: str = ""
    cancelled: bool = False
    event: int = 1
    received_at: AwareDatetime

    @property
    def changed(self) -> bool:
        """Tell whether people know of this meeting as it was before: it was moved, or is elsewhere."""
        return self.revision > self.event

    @property
    def ends_at(self) -> datetime:
        """Return when the meeting is over."""
        return self.starts_at + timedelta(minutes=self.minutes)
