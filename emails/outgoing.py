"""An email that is ready to be composed, and the message it becomes for each of its recipients."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address

from emails.calendar_file import CalendarFile
from emails.message import address, compose
from emails.rendering import Rendered
from runtime.settings import Settings
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import ClaimedEmail
from schemas.mentorship.responses import Link


@dataclass
class OutgoingEmail:
    """An email ready to go: its words, its recipient, the links it carries, and who gets a copy.

    Replies go to the cohort's contact unless ``reply_to`` says otherwise; ``calendar`` are calendar files that come
    with it, ``list_unsubscribe`` the URL that a POST unsubscribes at.
    """

    rendered: Rendered
    cohort: CohortSettings
    recipient: Address
    links: Sequence[tuple[bytes, Link]] = ()
    copies: Sequence[Address] = ()
    reply_to: Address | None = None
    calendar: Sequence[CalendarFile] = field(default=(), repr=False)
    list_unsubscribe: str | None = field(default=None, repr=False)

    def messages(self, settings: Settings, claimed: ClaimedEmail, message_id: str) -> Iterator[tuple[str, bytes]]:
        """Yield (address, message) for the recipient, then for each copy; the same arguments give the same bytes."""
        for recipient in (self.recipient, *self.copies):
            message = compose(
                self.rendered,
                sender=address(f"{self.cohort.program.short_name} mentorship", settings.sender),
                recipient=recipient,
                reply_to=self.reply_to or address(self.cohort.contact.role, self.cohort.contact.email),
                key=claimed.key,
                message_id=message_id,
                at=claimed.first_attempt_at,
                list_id=f"{self.cohort.id}.{settings.list_id}",
                mentorship_root=claimed.scope_id,
                calendar=self.calendar,
                list_unsubscribe=self.list_unsubscribe,
            )
            yield recipient.addr_spec, message
