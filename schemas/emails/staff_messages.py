"""What staff write to people of a class, and whom it goes to."""

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.enums import ApplicationStatus, Language, Phase, Side


class Audience(FrozenModel):
    """Whom a message goes to: everybody of a status, narrowed by side and by where their mentorship stands."""

    status: ApplicationStatus = ApplicationStatus.ACCEPTED
    side: Side | None = None
    phase: Phase | None = None
    running: bool = False
    without_agreement: bool = False
    without_pair: bool = False


class MessageWords(FrozenModel):
    """What a message says (``body`` is Markdown, as far as emails take it), and whom it goes to."""

    subject: str
    body: str
    audience: Audience


class StaffMessage(MessageWords):
    """A stored message: a draft, until it is sent."""

    id: int
    cohort_id: str
    written_by: str
    saved_at: AwareDatetime
    sent_at: AwareDatetime | None


class MessageRecipient(FrozenModel):
    """Somebody a message would go to; who ``stopped`` our reminders is left out."""

    person_id: str
    side: Side
    name: str
    stopped: bool


class MessageToPerson(FrozenModel):
    """A message with the person that one of its emails is to."""

    subject: str
    body: str
    person_id: str
    side: Side
    email: str
    name: str
    preferred_name: str
    language: Language | None
    mentorship_id: str | None
