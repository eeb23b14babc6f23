"""Who does something: every use case takes an actor, and every audit event names one."""

from enum import StrEnum

from schemas.base import FrozenModel


class ActorKind(StrEnum):
    """Which kind of actor does something."""

    STAFF = "staff"
    PARTICIPANT = "participant"
    SERVICE = "service"


class Actor(FrozenModel):
    """Whoever does something; stored with the audit event and never in Temporal.

    ``name`` is a login or an address for staff, an id such as ``M03`` for a participant, the workflow or schedule for
    the service itself.
    """

    kind: ActorKind
    name: str

    @classmethod
    def participant(cls, person_id: str) -> "Actor":
        """Return somebody who acts for themselves, by the link that only they were sent."""
        return cls(kind=ActorKind.PARTICIPANT, name=person_id)

    def __str__(self) -> str:
        """Return the text that an audit event stores, such as ``staff:amina``."""
        return f"{self.kind}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """Return the actor from the text that ``str`` made of it."""
        kind, _, name = text.partition(":")
        return cls(kind=ActorKind(kind), name=name)
