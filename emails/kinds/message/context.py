"""Brings somebody what staff of their class wrote."""

from typing import ClassVar

from pydantic import computed_field

from emails.kinds._base.applicant import Addressee
from emails.kinds._base.email import EmailContext
from emails.markdown import to_html, to_text
from schemas.cohort.settings import CohortSettings
from schemas.emails.staff_messages import MessageToPerson, MessageWords
from schemas.enums import EmailKind, Side


class MessageEmail(EmailContext):
    """Brings somebody what staff of their class wrote; ``words`` are Markdown, as far as emails take it."""

    kind: ClassVar[EmailKind] = EmailKind.MESSAGE

    recipient: Addressee
    topic: str
    words: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """Return the words as plain text."""
        return to_text(self.words)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def html(self) -> str:
        """Return the words as HTML, in which what is not understood as Markdown is escaped."""
        return to_html(self.words)


def message_email(cohort: CohortSettings, message: MessageToPerson) -> MessageEmail:
    """Return a message as it is to one person."""
    recipient = Addressee(
        id=message.person_id,
        side=message.side,
        name=message.name,
        preferred_name=message.preferred_name,
        email=message.email,
        language=message.language,
    )
    return MessageEmail(cohort=cohort, recipient=recipient, topic=message.subject, words=message.body)


def message_as_test(cohort: CohortSettings, message: MessageWords) -> MessageEmail:
    """Return a message as whoever wrote it gets it to look at: to somebody invented."""
    side = message.audience.side or Side.MENTOR
    recipient = Addressee(id="test", side=side, name="Alex Sample", email="alex@example.org")
    return MessageEmail(cohort=cohort, recipient=recipient, topic=message.subject, words=message.body, test=True)
