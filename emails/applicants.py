"""What a letter about somebody's place in a cohort needs to know before it can be written."""

from datetime import date

from pydantic import Field

from domain.safe_text import SafeLine, SafePerson
from schemas.applications.people import IntakeAnswer
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, RsvpStatus, Side


class Addressee(FrozenModel):
    """Whom a letter is for; who only began to apply may not have told a name yet."""

    id: str
    side: Side
    name: SafeLine = ""
    email: str


class ApplicantEmail(FrozenModel):
    """What every such letter says: to whom, until when, and the one page it leads to.

    ``by`` is the day by which something is asked, or before which nothing is. ``occurrence`` is 0 the first time and
    1, 2, … for reminders; ``minutes`` is how long it takes.
    """

    cohort: CohortSettings
    recipient: Addressee
    url: str
    by: date
    minutes: int = Field(default=1, ge=1)
    occurrence: int = Field(default=0, ge=0)


class ApplicationLinkEmail(ApplicantEmail):
    """Brings somebody their personal link; ``open`` says that the application may still be handed in in time."""

    handed_in: bool = False
    open: bool = True


class ApplicationReceivedEmail(ApplicantEmail):
    """Confirms what was handed in, and says where it stands; ``why`` what speaks against it, if anything does."""

    status: ApplicationStatus
    why: SafeLine = ""


class ApplicationReminderEmail(ApplicantEmail):
    """Reminds of an application that was begun and not handed in."""


class MentorsNeededEmail(ApplicantEmail):
    """Asks somebody who mentored before to do so again (B2); ``missing`` are the places still needed."""

    mentored_in: SafeLine
    missing: int = 0
    ends_on: date


class IntakeEmail(ApplicantEmail):
    """Asks a participant for what their intake lacks: goals, challenges, or what they hope for (A35)."""

    gaps: tuple[IntakeAnswer, ...] = Field(min_length=1)


class StandingChangedEmail(ApplicantEmail):
    """Says that staff, or the applicant, changed where an application stands.

    ``match_is_off`` says that it stands as before, and the match that was proposed does not come about.
    """

    status: ApplicationStatus
    match_is_off: bool = False


class ProposalEmail(ApplicantEmail):
    """Proposes a match: who the partner is, why, and until when the two would be a pair (A23)."""

    partner: SafePerson
    shared: tuple[SafeLine, ...] = ()
    ends_on: date


class MatchFinalEmail(ApplicantEmail):
    """Says that a match stands: with whom, and until when the two will be a pair (A23)."""

    partner: SafePerson
    ends_on: date


class KickoffEmail(ApplicantEmail):
    """Invites to the half-day session, or reminds of it; coming is never a condition (A20)."""

    coming: RsvpStatus | None = None


class KickoffChangedEmail(KickoffEmail):
    """Says that the kickoff is elsewhere, or at another time."""


class InquiryEmail(FrozenModel):
    """Brings staff a question somebody asked before applying, line by line (A42)."""

    cohort: CohortSettings
    name: SafeLine = ""
    email: str
    words: tuple[SafeLine, ...] = Field(min_length=1)
    received_on: date
    by: date
