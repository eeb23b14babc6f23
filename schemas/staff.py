"""Who is signed in to the staff pages, and what they may do in which class."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from schemas.actor import Actor, ActorKind
from schemas.addresses import EmailAddress
from schemas.base import FrozenModel
from schemas.enums import StaffAccess

# What gives access or cannot be undone takes somebody who showed this short a time ago that it is them.
LATELY = timedelta(minutes=15)


class StaffMember(FrozenModel):
    """Somebody who holds a role today: their address, and what they may do by cohort id.

    ``authenticated_at`` is when they last showed who they are, or None where an account elsewhere does not say.
    """

    email: EmailAddress
    authenticated_at: AwareDatetime | None
    access: dict[str, StaffAccess]

    @property
    def actor(self) -> Actor:
        """Return them as the actor of a step."""
        return Actor(kind=ActorKind.STAFF, name=self.email)

    def may(self, cohort_id: str, needed: StaffAccess) -> bool:
        """Tell whether they may do in a class what takes this access; a chair may do what a coordinator may."""
        held = self.access.get(cohort_id)
        return held is not None and held.includes(needed)

    def authenticated_lately(self, now: datetime) -> bool:
        """Tell whether they have just shown that it is them."""
        return self.authenticated_at is not None and now - self.authenticated_at <= LATELY
