"""How a participant is reached; never leaves PostgreSQL, SMTP and the terminal of staff."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from schemas.addresses import EmailAddress
from schemas.applications.people import PersonId
from schemas.base import FrozenModel, InputModel
from schemas.cohort.settings import CohortId, Line
from schemas.enums import Side

# How long a new address can be confirmed, and an old one kept after that.
ADDRESS_LINKS_WORK = timedelta(days=7)


class ParticipantContact(InputModel):
    """The participant on one side of a mentorship: whose id it is, and the name and address emails go to."""

    cohort_id: CohortId
    person_id: PersonId
    side: Side
    name: Line
    email: EmailAddress


class NewAddressChange(FrozenModel):
    """That somebody's emails are to go to another address, as it is asked for; staff change it at once.

    ``mentorship_id`` tells whose clock counts, and on which ``side`` they are there.
    """

    mentorship_id: str
    side: Side
    cohort_id: str
    person_id: str
    old_email: str
    new_email: str
    by_staff: bool = False
    asked_at: AwareDatetime


class AddressChange(NewAddressChange):
    """A change of an address, and what became of it.

    It counts once it is confirmed at the new mailbox. The old one keeps its address while the change waits, and for
    some days after; ``closed_at`` is set once a later change has ended its links.
    """

    id: int
    confirmed_at: AwareDatetime | None = None
    kept_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None

    @property
    def confirmed_by(self) -> datetime:
        """Return until when the new mailbox can confirm it."""
        return self.asked_at + ADDRESS_LINKS_WORK

    @property
    def kept_by(self) -> datetime:
        """Return until when the old mailbox can keep its address."""
        return (self.confirmed_at or self.asked_at) + ADDRESS_LINKS_WORK


def shortened(address: str) -> str:
    """Return an address as another mailbox is told it, which somebody else may read by now."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
