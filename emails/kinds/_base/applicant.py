"""What emails about somebody's place in a cohort have in common."""

from datetime import date, timedelta
from typing import Any, ClassVar

from pydantic import Field

from domain.calendar import local_day, months_after
from domain.languages import gettext
from domain.safe_text import SafeLine, SafePerson
from emails.kinds._base.email import Details, EmailContext, partner_placeholders, please, time_words
from schemas.applications.applicant import Applicant, Proposal
from schemas.applications.people import IntakeAnswer, short_name
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import Language, Side
from schemas.matching.proposals import QuestionReply

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


class ApplicantFacts(FrozenModel):
    """What is known at the moment an email is written; ``gaps`` are the answers a mentee's intake lacks.

    ``proposal`` is the one the email is about, while it is open: a mentor may have several. ``reply`` is what staff
    answered to a question about it, and ``undecided`` says that whoever asked can still commit or decline.
    """

    applicant: Applicant
    gaps: tuple[IntakeAnswer, ...] = ()
    proposal: Proposal | None = None
    reply: QuestionReply | None = None
    undecided: bool = False


class Addressee(FrozenModel):
    """Whom an email is for; who only began to apply may not have given a name yet, or chosen a language."""

    id: str
    side: Side
    name: SafeLine = ""
    preferred_name: SafeLine = ""
    email: str
    language: Language | None = None

    @property
    def short_name(self) -> str:
        """Return what to call them in a greeting."""
        return short_name(self.name, self.preferred_name)

    @property
    def form(self) -> str:
        """Return what their side fills in."""
        return gettext("mentor application") if self.side is Side.MENTOR else gettext("intake form")


class ApplicantEmail(EmailContext):
    """What every email to an applicant says: to whom, until when, and the one page it leads to.

    ``by`` is the day by which something is asked, or the day something happens. ``occurrence`` is 0 the first time and
    1, 2, … for reminders; ``minutes`` is how long it takes. ``page`` is where below somebody's own page the email is
    answered. Whoever withdrew gets only emails that say so with ``to_withdrawn``.
    """

    page: ClassVar[str] = ""
    takes_minutes: ClassVar[int] = 1
    to_withdrawn: ClassVar[bool] = False

    recipient: Addressee
    url: str
    by: date
    minutes: int = Field(default=1, ge=1)
    occurrence: int = Field(default=0, ge=0)

    def placeholders(self) -> dict[str, Any]:
        return super().placeholders() | {
            "side": gettext(self.recipient.side),
            "form": self.recipient.form,
            "day": self.by,
            "please": please(self.occurrence),
            "takes": time_words(self.minutes),
        }

    @classmethod
    def details(cls, queued: QueuedEmail, facts: ApplicantFacts) -> Details | None:
        """Return what this kind of email knows beyond what every one does; None where nothing is left to say."""
        return {}


class MatchEmail(ApplicantEmail):
    """What every email about somebody's match says: with whom."""

    partner: SafePerson

    def placeholders(self) -> dict[str, Any]:
        return super().placeholders() | partner_placeholders(self.partner)


def apply_by(cohort: CohortSettings) -> date:
    """Return the last day (local) on which applications are taken; without a window, the day before the kickoff."""
    closes_at = cohort.applications_close_at
    return local_day(closes_at - SECOND, cohort.time_zone) if closes_at else cohort.kickoff_day - DAY


def is_open(cohort: CohortSettings, queued: QueuedEmail) -> bool:
    """Tell whether applications are still taken."""
    closes_at = cohort.applications_close_at
    return closes_at is not None and queued.now < closes_at


def ends_on(cohort: CohortSettings) -> date:
    """Return the last day of the cohort's mentorships."""
    return months_after(cohort.kickoff_day, cohort.timeline.months)
