"""Who does something: every use case is told, and every audit event says it."""

from enum import StrEnum

from schemas.base import FrozenModel


class ActorKind(StrEnum):
    """Which kind of actor does something."""

    STAFF = "staff"
    PARTICIPANT = "participant"
    SERVICE = "service"


class Actor(FrozenModel):
    """Whoever does something; kept with the audit event and never in Temporal.

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
        """Return what an audit event keeps, such as ``staff:amina``."""
        return f"{self.kind}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """Return the actor that an audit event keeps as ``str`` wrote it."""
        kind, _, name = text.partition(":")
        return cls(kind=ActorKind(kind), name=name)
