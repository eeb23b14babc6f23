"""What each kind of email needs to know before it can be written."""

import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from schemas.base import Value
from schemas.cohort import CohortSettings
from schemas.people import Person
from schemas.words import EmailKind, MilestoneKind, Side, StaffReason

# Characters that turn the direction of what follows, so that a sentence of ours would read as another one.
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def one_line(words: str) -> str:
    """Return words on one line, without control characters: a name must never start a header or a paragraph."""
    visible = (" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in words if not _turns(char))
    return " ".join("".join(visible).split())


def _turns(char: str) -> bool:
    return unicodedata.bidirectional(char) in _TURNING


def _on_one_line(person: Person) -> Person:
    tidy = {field: one_line(getattr(person, field)) for field in ("name", "library", "town", "role")}
    return person.model_copy(update=tidy)


Line = Annotated[str, AfterValidator(one_line)]
Known = Annotated[Person, AfterValidator(_on_one_line)]


class AskBlock(Value):
    """One thing an email asks for: ``ask`` completes "Please …", ``url`` is the page where it is answered."""

    kind: MilestoneKind
    ask: Line
    url: str
    closes_on: date
    minutes: int = Field(ge=1)


class ParticipantEmail(Value):
    """What every email to a participant says: to whom, about whom, until when, and what is asked.

    The first of ``asks`` gives the email its subject; the others stand under "While you are here". ``occurrence``
    is 0 the first time and 1, 2, … for reminders.
    """

    cohort: CohortSettings
    recipient: Known
    partner: Known
    ends_on: date
    occurrence: int = Field(default=0, ge=0)
    asks: tuple[AskBlock, ...] = ()


class AskingEmail(ParticipantEmail):
    """An email that exists because something is asked."""

    asks: tuple[AskBlock, ...] = Field(min_length=1)


class WelcomeEmail(ParticipantEmail):
    """The partner's card, who does what next, and the exact end; ``contact_by`` closes the mentor's first task."""

    contact_by: date


class FirstContactEmail(AskingEmail):
    """Reminds of the mentor's first task."""


class CheckInEmail(AskingEmail):
    """Asks about one window of the mentorship; recalls the mentee's goals for the mentor (A33)."""

    number: int = Field(ge=1)
    goals: tuple[Line, ...] = ()
    stuck_goals: tuple[Line, ...] = ()


class GoalCheckInEmail(AskingEmail):
    """Asks the mentee how each goal is getting on."""

    goals: tuple[Line, ...] = ()


class ClosureSurveyEmail(AskingEmail):
    """Asks each side what the mentorship was for them."""


class StaffNoteEmail(Value):
    """Tells staff what needs them. ``scope_id`` is a mentorship's id, or the cohort's where the note is about it all.

    ``about`` names the side concerned where it is one of the two; ``quarter`` the check-in window concerned.
    """

    cohort: CohortSettings
    reason: StaffReason
    scope_id: str
    mentor: Known | None = None
    mentee: Known | None = None
    about: Side | None = None
    quarter: int | None = None

    @property
    def concerned(self) -> Person | None:
        """Return the participant the note is about, if it is about one."""
        return {Side.MENTOR: self.mentor, Side.MENTEE: self.mentee}[self.about] if self.about else None


EmailContext = ParticipantEmail | StaffNoteEmail

PARTICIPANT_EMAILS: dict[EmailKind, type[ParticipantEmail]] = {
    EmailKind.WELCOME: WelcomeEmail,
    EmailKind.FIRST_CONTACT: FirstContactEmail,
    EmailKind.CHECK_IN: CheckInEmail,
    EmailKind.GOAL_CHECK_IN: GoalCheckInEmail,
    EmailKind.CLOSURE_SURVEY: ClosureSurveyEmail,
}
CONTEXTS: dict[EmailKind, type[ParticipantEmail] | type[StaffNoteEmail]] = {
    **PARTICIPANT_EMAILS,
    EmailKind.STAFF_NOTE: StaffNoteEmail,
}
