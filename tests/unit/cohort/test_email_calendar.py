"""The emails that a class brings about by its settings: on the days that the settings say, and to whom."""

from collections import Counter
from datetime import date, time

from domain.calendar import local_day
from domain.cohort.campaigns import OF_A_PUBLICATION
from domain.cohort.email_calendar import CAMPAIGN_EMAILS, ENOUGH, email_calendar
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    HalfDay,
    HalfDaySession,
    Institute,
    ProgramContact,
)
from schemas.enums import CampaignKind, EmailKind

KICKOFF = date(2027, 5, 14)
HALF = HalfDay(id="last", label="Farewell", day=KICKOFF, begins=time(9), ends=time(12))
SETTINGS = CohortSettings(
    id="mile-2027",
    title="A class",
    institute=Institute(venue="Lodge", town="Ely", last_day=KICKOFF),
    contact=ProgramContact(role="Chair", email="chair@example.org"),
    applications=ApplicationWindow(opens_on=date(2027, 2, 1), closes_on=date(2027, 3, 15)),
    session=HalfDaySession(half_days=(HALF,)),
)


def days(kind: EmailKind, *, reminder: bool) -> set[date]:
    calendar = email_calendar(SETTINGS)
    emails = (*calendar.before_kickoff, *calendar.of_mentorship)
    return {local_day(one.at, SETTINGS.time_zone) for one in emails if (one.kind, one.reminder) == (kind, reminder)}


def test_days_are_those_of_the_settings() -> None:
    # 14 and 3 days before the close, by hand.
    assert days(EmailKind.APPLICATION_REMINDER, reminder=False) == {date(2027, 3, 1), date(2027, 3, 12)}
    assert KICKOFF in days(EmailKind.WELCOME, reminder=False)


def test_every_campaign_is_told_but_those_that_wait_for_staff() -> None:
    assert set(CampaignKind) - CAMPAIGN_EMAILS.keys() == OF_A_PUBLICATION | {CampaignKind.KICKOFF_CHANGED}


def test_everything_is_in_order_and_no_email_is_listed_twice() -> None:
    calendar = email_calendar(SETTINGS)
    for emails in (calendar.before_kickoff, calendar.of_mentorship):
        assert [one.at for one in emails] == sorted(one.at for one in emails)
        assert max(Counter(emails).values()) == 1
    # Eighteen months, then the follow-up half a year later.
    assert local_day(calendar.of_mentorship[-1].at, SETTINGS.time_zone) > date(2029, 4, 1)


def test_no_one_gets_more_than_the_page_says() -> None:
    calendar = email_calendar(SETTINGS)
    to_mentees = [one for one in calendar.of_mentorship if "mentees" in one.to]
    to_mentors = [one for one in calendar.of_mentorship if "mentors" in one.to]
    assert calendar.most == max(len(to_mentees), len(to_mentors)) > 10


def test_verdict_says_whether_there_is_time_to_match() -> None:
    assert (email_calendar(SETTINGS).verdict, email_calendar(SETTINGS).enough_time) == (ENOUGH, True)
    late = SETTINGS.model_copy(
        update={"applications": ApplicationWindow(opens_on=date(2027, 2, 1), closes_on=date(2027, 5, 13))}
    )
    calendar = email_calendar(late)
    assert not calendar.enough_time
    assert calendar.verdict.startswith("Applications close on 2027-05-13, too late for the kickoff")
