"""What an email to a participant needs to know before it can be written: the same for all, and for each milestone."""

from datetime import date

from pydantic import Field

from domain.safe_text import SafeLine, SafePerson
from emails.guidance import Guidance
from schemas.base import FrozenModel
from schemas.cohort.opportunities import Opportunity
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Outcome


class AskBlock(FrozenModel):
    """One thing an email asks for: ``ask`` completes "Please …", ``url`` is the page where it is answered."""

    kind: MilestoneKind
    ask: SafeLine
    url: str
    closes_on: date
    minutes: int = Field(ge=1)


class MeetingAhead(FrozenModel):
    """A meeting that another email announces; ``goals`` are the mentee's, unless it recalls them anyway."""

    day: date
    goals: tuple[SafeLine, ...] = ()


class ParticipantEmail(FrozenModel):
    """What every email to a participant says: to whom, about whom, until when, and what is asked.

    The first of ``asks`` gives the email its subject; the others stand under "While you are here". ``occurrence``
    is 0 the first time and 1, 2, … for reminders. ``began_on`` is set where the pair began later than its cohort,
    ``over`` says that the mentorship has ended. ``guidance`` are the texts of the first ask and ``beside`` those of the
    others, which the email's end names; ``meeting_beside`` is set where a meeting is announced beside something else.
    """

    cohort: CohortSettings
    recipient: SafePerson
    partner: SafePerson
    ends_on: date
    began_on: date | None = None
    over: bool = False
    occurrence: int = Field(default=0, ge=0)
    asks: tuple[AskBlock, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    beside: tuple[Guidance, ...] = ()
    meeting_beside: MeetingAhead | None = None


class AskingEmail(ParticipantEmail):
    """An email that exists because something is asked."""

    asks: tuple[AskBlock, ...] = Field(min_length=1)


class WelcomeEmail(ParticipantEmail):
    """The partner's card, who does what next, and the exact end.

    ``contact_by`` closes the mentor's first task; ``agreement_on`` is the day from which the agreement is asked for.
    """

    contact_by: date
    agreement_on: date | None = None


class FirstContactEmail(AskingEmail):
    """Reminds of the mentor's first task."""


class AgreementEmail(AskingEmail):
    """Asks both to write down what they want to reach, and how (A26, A27, A30)."""

    goals: tuple[SafeLine, ...] = ()


class SelfAssessmentEmail(AskingEmail):
    """Asks each side how they see themselves: the same questions at the start, halfway and at the end (A13, A15)."""

    number: int = Field(ge=1)


class MeetingEmail(AskingEmail):
    """Comes before a meeting: the mentee's goals for the mentor (A33), one question to prepare for the mentee (A37).

    ``meeting_on`` is the agreed day, or about the day where a rhythm was agreed. ``guidance`` holds the topic that is
    suggested (A24), followed by how to prepare.
    """

    meeting_on: date
    goals: tuple[SafeLine, ...] = ()
    guidance: tuple[Guidance, ...] = Field(min_length=2)


class ThanksEmail(AskingEmail):
    """Offers the mentee to send words of thanks (A39): after a first meeting, or ``closing`` the mentorship."""

    closing: bool = False


class CheckInEmail(AskingEmail):
    """Asks about one window of the mentorship; recalls the mentee's goals for the mentor (A33).

    ``openings`` are what staff draw both sides' attention to (A16, A40).
    """

    number: int = Field(ge=1)
    goals: tuple[SafeLine, ...] = ()
    stuck_goals: tuple[SafeLine, ...] = ()
    openings: tuple[Opportunity, ...] = ()


class GoalCheckInEmail(AskingEmail):
    """Asks the mentee how each goal is getting on."""

    goals: tuple[SafeLine, ...] = ()


class InvolvementEmail(AskingEmail):
    """Asks once a year where somebody took part in the association, and shows what is open there (A40)."""

    openings: tuple[Opportunity, ...] = ()


class AgreementReviewEmail(AskingEmail):
    """Asks both whether their agreement still fits, and for feedback in both directions (A36)."""


class ClosingConversationEmail(AskingEmail):
    """Invites both to a last conversation, and says how it can go well."""


class ClosureSurveyEmail(AskingEmail):
    """Asks each side what the mentorship was for them."""


class FarewellEmail(AskingEmail):
    """Says thank you at the end, whatever it was like, and leads to the certificate; the first ask is its page.

    ``follow_ups`` are the days from which the program asks once more.
    """

    outcome: Outcome
    follow_ups: tuple[date, ...] = ()


class FollowUpEmail(AskingEmail):
    """Asks how it turned out, months after the end; invites former mentees to mentor one day (A18)."""

    may_mentor_from: int | None = None
