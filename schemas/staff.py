"""Who is signed in to the staff pages, and what they may do in which class."""

from schemas.actor import Actor, ActorKind
from schemas.addresses import EmailAddress
from schemas.base import FrozenModel
from schemas.enums import StaffAccess


class StaffMember(FrozenModel):
    """Somebody who holds a role today: their address, and what they may do by cohort id."""

    email: EmailAddress
    access: dict[str, StaffAccess]

    @property
    def actor(self) -> Actor:
        """Return them as the actor of a step."""
        return Actor(kind=ActorKind.STAFF, name=self.email)

    def may(self, cohort_id: str, needed: StaffAccess) -> bool:
        """Tell whether they may do in a class what takes this access; a chair may do what a coordinator may."""
        held = self.access.get(cohort_id)
        return held is not None and held.includes(needed)
