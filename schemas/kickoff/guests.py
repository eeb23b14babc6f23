"""Who comes to the half-day session and who attended the last day."""

from pydantic import AwareDatetime

from schemas.applications.applicant import Rsvp
from schemas.applications.people import Person
from schemas.base import FrozenModel


class Guest(FrozenModel):
    """Somebody with an application: ``invited`` once their match is final.

    ``attended`` is None while staff have noted nothing.
    """

    person: Person
    invited: bool
    rsvp: Rsvp | None = None
    answered_at: AwareDatetime | None = None
    attended: bool | None = None


class PublishedPair(FrozenModel):
    """A published pair on its way to its mentorship.

    ``final`` says that the match is final, ``both_accepted`` that both applications are accepted, ``absent`` that
    staff noted the mentee absent, ``has_mentorship`` that the mentorship is stored already.
    """

    mentor_id: str
    mentee_id: str
    final: bool
    both_accepted: bool
    absent: bool
    has_mentorship: bool

    @property
    def held_back_reason(self) -> str | None:
        """Return why the mentorship may not start yet, or None where it may (A3).

        A mentor who cannot come starts all the same: the clock starts at kickoff.
        """
        if not self.both_accepted:
            return "one of them took back the application"
        if not self.final:
            return "not both have committed"
        return f"{self.mentee_id} was noted absent" if self.absent else None

    @property
    def can_start(self) -> bool:
        """Return whether the mentorship may start."""
        return self.held_back_reason is None
