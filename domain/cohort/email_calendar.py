"""What will happen to a class by its settings, before anybody applies: every email with its day."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from domain.cohort.campaigns import planned_campaigns
from domain.cohort.dates import cohort_dates
from domain.cohort.schedule import too_little_time
from domain.mentorship.forecast import forecast
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from schemas.cohort.campaigns import Campaign
from schemas.cohort.email_calendar import CalendarEmail, EmailCalendar
from schemas.cohort.settings import CohortSettings
from schemas.enums import CampaignKind, EmailKind, Recipient
from schemas.ids import mentorship_id
from schemas.mentorship.state import Forecast, MentorshipState

ENOUGH = "The dates leave enough time to match everybody before the kickoff."
_EARLIER, _GAPS = "people of earlier classes", "mentees with missing answers"
# Those about matches leave when staff publish, on a day that nobody knows yet.
CAMPAIGN_EMAILS: dict[CampaignKind, tuple[tuple[EmailKind, str], ...]] = {
    CampaignKind.OPENING: ((EmailKind.MENTORS_NEEDED, _EARLIER), (EmailKind.INTAKE, _GAPS)),
    CampaignKind.UNFINISHED: ((EmailKind.APPLICATION_REMINDER, "who began to apply and has not submitted"),),
    CampaignKind.RECRUITING: ((EmailKind.MENTORS_NEEDED, f"{_EARLIER}, while places are missing"),),
    CampaignKind.CLOSING: ((EmailKind.STAFF_NOTE, "staff"),),
    CampaignKind.INTAKE: ((EmailKind.INTAKE, _GAPS),),
    CampaignKind.KICKOFF: ((EmailKind.KICKOFF, "everybody whose match is final"),),
}
_SIDES = {Recipient.MENTOR: "mentors", Recipient.MENTEE: "mentees"}
_BOTH = "mentors and mentees"


def email_calendar(settings: CohortSettings) -> EmailCalendar:
    """Return all emails of a class that its settings decide, in order of leaving."""
    problem, lines = too_little_time(settings), _silent_mentorship(settings)
    return EmailCalendar(
        enough_time=problem is None,
        verdict=problem or ENOUGH,
        before_kickoff=tuple(email for one in planned_campaigns(settings) for email in _campaign_emails(one)),
        of_mentorship=tuple(_merged(lines)),
        most=max(Counter(line.to for line in lines if line.to in _SIDES).values(), default=0),
    )


def _campaign_emails(campaign: Campaign) -> Iterator[CalendarEmail]:
    # The email to those who have not submitted is called a reminder already.
    reminder = campaign.number > 0 and campaign.kind is not CampaignKind.UNFINISHED
    for kind, to in CAMPAIGN_EMAILS.get(campaign.kind, ()):
        whom = "who has not answered" if reminder and campaign.kind is CampaignKind.KICKOFF else to
        yield CalendarEmail(at=campaign.at, kind=kind, to=whom, reminder=reminder)


def _silent_mentorship(settings: CohortSettings) -> list[Forecast]:
    """Return the emails of a mentorship that begins at the kickoff and in which nobody ever replies."""
    terms = initial_terms(settings, mentorship_id(settings.id, 1))
    begins_at = cohort_dates(settings).kickoff_at
    return forecast(MentorshipState(terms=terms, plan=plan(terms, begins_at)))


def _merged(lines: list[Forecast]) -> Iterator[CalendarEmail]:
    """Yield one line for what both sides get at the same moment."""
    whom: dict[tuple[datetime, EmailKind, bool, str], list[str]] = {}
    for line in lines:
        reminder = all(ask.occurrence > 0 for ask in line.asks) and bool(line.asks)
        key = line.at, line.kind, reminder, line.if_nobody_replies
        whom.setdefault(key, []).append(_SIDES.get(line.to, "staff"))
    for (at, kind, reminder, about), sides in whom.items():
        yield CalendarEmail(at=at, kind=kind, to=_BOTH if len(sides) > 1 else sides[0], reminder=reminder, about=about)
