"""What staff are told once a week: flags and dates by mentorship, never a participant's own words (A34)."""

from datetime import date, datetime

from schemas.base import FrozenModel
from schemas.enums import DigestNews, Side, StaffReason

ConcernKey = tuple[str, StaffReason, datetime]


class Concern(FrozenModel):
    """A reason to look at a mentorship; ``since`` is the local day it began, where that is known.

    ``raised_before`` says that it was settled once and came back; ``waits_for`` is the side an agreement waits for.
    """

    mentorship_id: str
    mentor: str
    mentee: str
    reason: StaffReason
    raised_at: datetime
    since: date | None = None
    raised_before: bool = False
    waits_for: Side | None = None

    @property
    def key(self) -> ConcernKey:
        """Return what identifies it: the same reason is another concern when it comes back."""
        return self.mentorship_id, self.reason, self.raised_at


class ToldConcern(FrozenModel):
    """What a digest told of a concern: when, and how bad it was."""

    mentorship_id: str
    reason: StaffReason
    raised_at: datetime
    level: int
    told_at: datetime

    @property
    def key(self) -> ConcernKey:
        """Return which concern it was."""
        return self.mentorship_id, self.reason, self.raised_at


class PutOff(FrozenModel):
    """A day until which staff put off what there was about a mentorship at a moment, with their note."""

    mentorship_id: str
    put_off_at: datetime
    look_again_on: date
    note: str


class DigestItem(FrozenModel):
    """What is told of one cause in one mentorship; the first of its concerns says what staff can do.

    ``lasting`` says in words for how long, once that is long; ``note`` is what staff wrote when they put it off.
    """

    news: DigestNews
    concerns: tuple[Concern, ...]
    lasting: str = ""
    note: str = ""


class Digest(FrozenModel):
    """All that staff should know of a cohort this week.

    ``as_before`` counts the mentorships about which nothing changed, ``put_off`` those that wait for a day of staff.
    ``told`` is what the next digests have to know.
    """

    items: tuple[DigestItem, ...] = ()
    as_before: int = 0
    put_off: int = 0
    told: tuple[ToldConcern, ...] = ()

    @property
    def mentorships(self) -> int:
        """Return how many mentorships it has news about."""
        return len({item.concerns[0].mentorship_id for item in self.items})
