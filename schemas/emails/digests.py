"""What staff are told once a week: flags and dates by mentorship, never anyone's own words (A34)."""

from datetime import date

from schemas.base import FrozenModel
from schemas.enums import Side, StaffReason


class DigestItem(FrozenModel):
    """Something about one mentorship; ``since`` is the local day it began, where that is known."""

    mentorship_id: str
    mentor: str
    mentee: str
    since: date | None = None


class Concern(DigestItem):
    """A reason to look at a mentorship, as its workflow sees it."""

    reason: StaffReason


class AgreementWaiting(DigestItem):
    """An agreement that one side confirmed and that waits for the other one."""

    waits_for: Side


class Digest(FrozenModel):
    """All that staff should know of a cohort this week."""

    concerns: tuple[Concern, ...] = ()
    agreements: tuple[AgreementWaiting, ...] = ()

    @property
    def nothing_to_tell(self) -> bool:
        """Tell whether there is no reason to write."""
        return not (self.concerns or self.agreements)

    @property
    def mentorships(self) -> int:
        """Return how many mentorships it is about."""
        return len({noted.mentorship_id for noted in (*self.concerns, *self.agreements)})
