"""All mentorships of a cohort in one look, for staff."""

from datetime import date

from pydantic import AwareDatetime, ConfigDict

from schemas.base import FrozenModel
from schemas.emails.digests import PutOff
from schemas.enums import Outcome, Phase, StaffReason, WindowStatus


class BoardWindow(FrozenModel):
    """One check-in window: what each side said, and None as long as it has not closed."""

    model_config = ConfigDict(extra="ignore")

    number: int
    opens_on: date
    mentor_status: WindowStatus | None
    mentee_status: WindowStatus | None


class BoardMentorship(FrozenModel):
    """One mentorship: names for staff only; ``…_at`` is when a side last answered anything.

    How satisfied they are is not here: people were told that staff see that in numbers only, without names (A34).
    """

    id: str
    mentor_id: str
    mentee_id: str
    mentor: str
    mentee: str
    phase: Phase
    outcome: Outcome | None
    concerns: tuple[StaffReason, ...]
    starts_on: date
    ends_on: date
    mentor_at: AwareDatetime | None
    mentee_at: AwareDatetime | None
    windows: tuple[BoardWindow, ...]
    put_off: PutOff | None = None

    @property
    def last_sign(self) -> AwareDatetime | None:
        """Return when either of the two last answered anything."""
        return max(filter(None, (self.mentor_at, self.mentee_at)), default=None)
