"""Who comes to the half-day session and who was there on the last day."""

from pydantic import AwareDatetime

from schemas.applications.applicant import Rsvp
from schemas.applications.people import Person
from schemas.base import FrozenModel


class Guest(FrozenModel):
    """Somebody with an application: ``invited`` once they are in a match that stands.

    ``attended`` is None while staff have noted nothing.
    """

    person: Person
    invited: bool
    rsvp: Rsvp | None = None
    answered_at: AwareDatetime | None = None
    attended: bool | None = None


class PublishedPair(FrozenModel):
    """A published pair on its way to its mentorship.

    ``final`` says that the match stands, ``both_there`` that nobody of it took back their application, ``absent`` that
    its mentee was noted absent, ``kept`` that its mentorship is kept already.
    """

    mentor_id: str
    mentee_id: str
    final: bool
    both_there: bool
    absent: bool
    kept: bool

    @property
    def startable(self) -> bool:
        """Tell whether the mentorship may start; a mentor who cannot come starts all the same."""
        return self.final and self.both_there and not self.absent
