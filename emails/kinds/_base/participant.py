"""What emails to a mentor or a mentee about their mentorship have in common."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.calendar import local_day
from domain.languages import gettext
from domain.mentorship.meeting_times import both_times
from domain.safe_text import SafeLine, SafePerson
from emails.guidance import Guidance
from emails.kinds._base.email import Details, EmailContext, partner_placeholders, please, time_words
from schemas.base import FrozenModel
from schemas.cohort.opportunities import Opportunity
from schemas.emails.messages import QueuedEmail
from schemas.enums import GoalArea, MilestoneKind, Outcome, Recipient, Side
from schemas.forms.agreement import AGREEMENT
from schemas.forms.catalog import FORMS
from schemas.mentorship.meetings import MeetingDate, MeetingProposal
from schemas.mentorship.responses import DueMilestone, MentorshipPair
from schemas.translatable import gettext_noop

_FORMS = FORMS | {AGREEMENT.kind: AGREEMENT}
# What a page without questions is good for, how many minutes it takes, and what the link to it says.
_CERTIFICATE = (gettext_noop("look at your dates and download your certificate"), 1)
_GET_CERTIFICATE = gettext_noop("Get your certificate")
HAVE_PAGES = {kind: (form.ask, form.minutes) for kind, form in _FORMS.items()} | {MilestoneKind.FAREWELL: _CERTIFICATE}
_LINKS = {kind: form.link for kind, form in _FORMS.items()} | {MilestoneKind.FAREWELL: _GET_CERTIFICATE}


class MentorshipFacts(FrozenModel):
    """What is known of a mentorship at the moment an email to one of its participants is written.

    The pair and what is due to it are always there, and the ``topics`` that it chose for its meetings, by milestone,
    where one is asked about. The rest is there where the email ``reads`` it: ``stuck`` are the numbers
    of the goals stuck twice in a row, ``openings`` the opportunities of the day, ``thanks`` the words of the
    milestone the email is about, ``coming`` what is due after the email, ``replaced`` that another mentor took over.
    ``page_url`` is its recipient's own page, ``reminders_url`` where they pause reminders, and ``reminders_from`` the
    day from which paused ones come again. ``dates`` are the newest dates that the pair agreed on, by milestone;
    ``meeting_date`` is the revision that the email is about, ``proposal`` the times that it brings.
    """

    pair: MentorshipPair
    due: Mapping[str, DueMilestone]
    topics: Mapping[str, GoalArea | None] = {}
    stuck: frozenset[int] = frozenset()
    openings: tuple[Opportunity, ...] = ()
    thanks: str = ""
    outcome: Outcome | None = None
    replaced: bool = False
    coming: tuple[DueMilestone, ...] = ()
    page_url: str = ""
    reminders_url: str = ""
    reminders_from: date | None = None
    dates: Mapping[str, MeetingDate] = {}
    meeting_date: MeetingDate | None = None
    proposal: MeetingProposal | None = None

    def first(self, queued: QueuedEmail) -> DueMilestone:
        """Return the milestone an email is about."""
        return self.due[queued.asks[0].milestone]

    def goals_for_mentor(self, queued: QueuedEmail) -> tuple[str, ...]:
        """Return the mentee's goals in an email to the mentor, nothing in one to the mentee (A33)."""
        return self.pair.goals if queued.to is Recipient.MENTOR else ()

    def meeting_day(self, meeting: DueMilestone) -> date:
        """Return the day a meeting is agreed or planned for; its first email comes before it."""
        if agreed := self.agreed(meeting):
            return local_day(agreed.starts_at, self.pair.cohort.time_zone)
        return meeting.opens_on - timedelta(days=self.pair.cohort.timeline.meeting.opens)

    def agreed(self, meeting: DueMilestone) -> MeetingDate | None:
        """Return the date that the pair agreed on for a meeting, or None where it has none."""
        date = self.dates.get(meeting.id)
        return None if date is None or date.cancelled else date

    def dates_after(self, queued: QueuedEmail) -> tuple[MeetingDate, ...]:
        """Return the dates that the pair agreed on and that come after an email."""
        return tuple(date for date in self.dates.values() if date.starts_at > queued.at and not date.cancelled)

    def known_date(self, queued: QueuedEmail) -> MeetingDate:
        """Return the revision of a meeting's date that an email is about."""
        if self.meeting_date is None:
            raise ValueError(f"{queued.key} is about a date that is not stored")
        return self.meeting_date

    def moment_for(self, moment: datetime, side: Side, today: date) -> str:
        """Return a moment as one side reads it, in both time zones where they differ."""
        cohort, reader, partner = self.pair.cohort, self.pair.of(side), self.pair.of(side.partner)
        return both_times(moment, reader, partner, cohort.time_zone, cohort.locale, today=today)

    @property
    def find_date_url(self) -> str:
        """Return where the email's recipient proposes times for a meeting."""
        return f"{self.page_url}/meetings/find"

    def written_on(self, queued: QueuedEmail) -> date:
        """Return the local day an email is due on."""
        return queued.at.astimezone(ZoneInfo(self.pair.cohort.time_zone)).date()


class AskBlock(FrozenModel):
    """One thing an email asks for: ``ask`` completes "Please …", ``url`` is the page where it is answered."""

    kind: MilestoneKind
    ask: SafeLine
    url: str
    closes_on: date
    minutes: int = Field(ge=1)

    @property
    def link(self) -> str:
        """Return what the link to the page says."""
        return gettext(_LINKS[self.kind])

    @property
    def takes(self) -> str:
        """Return how long it takes."""
        return time_words(self.minutes)

    @property
    def can_be_changed(self) -> bool:
        """Tell whether an answer can be changed: there are questions, and it does not go out at once."""
        form = _FORMS.get(self.kind)
        return form is not None and not form.sent_once


class MeetingAhead(FrozenModel):
    """A meeting that another email announces; ``goals`` are the mentee's, unless that email lists them anyway.

    ``agreed_at`` is the moment in words where the pair agreed on it.
    """

    day: date
    agreed_at: str | None = None
    goals: tuple[SafeLine, ...] = ()


class ParticipantEmail(EmailContext):
    """What every email to a participant says: to whom, about whom, until when, what is asked, and where their page is.

    The first of ``asks`` gives the email its subject; the others stand under "While you are here". ``occurrence``
    is 0 the first time and 1, 2, … for reminders. ``began_on`` is set where the pair began later than its cohort,
    ``over`` says that the mentorship has ended. ``guidance`` are the texts of the first ask and ``beside`` those of the
    others; ``meeting_beside`` is set where a meeting is announced beside something else, ``openings_beside`` where the
    question about taking part is.
    """

    reads: ClassVar[frozenset[str]] = frozenset()
    lists_goals: ClassVar[bool] = False

    recipient: SafePerson
    partner: SafePerson
    page_url: str
    ends_on: date
    began_on: date | None = None
    over: bool = False
    occurrence: int = Field(default=0, ge=0)
    asks: tuple[AskBlock, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    beside: tuple[Guidance, ...] = ()
    meeting_beside: MeetingAhead | None = None
    openings_beside: tuple[Opportunity, ...] = ()
    openings_beside_url: str = ""

    def placeholders(self) -> dict[str, Any]:
        shared = (
            super().placeholders()
            | partner_placeholders(self.partner)
            | {
                "side": gettext(self.recipient.side),
                "ends": self.ends_on,
                "please": please(self.occurrence),
            }
        )
        if not self.asks:
            return shared
        first = self.asks[0]
        return {"ask": first.ask, "due": first.closes_on, "takes": first.takes} | shared

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        """Return what this kind of email knows beyond what every email to a participant does."""
        return {}
