"""The plan of the 2019 class to the hour: what the program's pages promise, written down once (A6, A22, A27, A28)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.mentorship.calendar_math import quarters
from domain.mentorship.plan import plan
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.mentorship.state import Plan, PlannedEmail
from schemas.mentorship.terms import Cadence, Rhythm, Terms

CHICAGO = "America/Chicago"

# Local days on which both are written to at 9:00; the mentee's check-in also asks about the goals.
BOTH = """
2019-05-10 -05:00 welcome+0 first_contact+0
2019-05-17 -05:00 agreement+0 self_assessment-1+0
2019-06-07 -05:00 agreement+1 self_assessment-1+1
2019-06-18 -05:00 agreement+2 self_assessment-1+2 meeting-1+0
2019-07-22 -05:00 check_in-1+0
2019-07-31 -05:00 check_in-1+1
2019-08-07 -05:00 check_in-1+2
2019-09-18 -05:00 meeting-2+0
2019-10-21 -05:00 check_in-2+0
2019-10-31 -05:00 check_in-2+1
2019-11-07 -06:00 check_in-2+2
2019-12-19 -06:00 meeting-3+0
2020-01-21 -06:00 check_in-3+0 self_assessment-2+0
2020-01-31 -06:00 check_in-3+1 self_assessment-2+1
2020-02-07 -06:00 check_in-3+2 self_assessment-2+2
2020-03-19 -05:00 meeting-4+0
2020-04-20 -05:00 check_in-4+0 involvement-1+0
2020-04-30 -05:00 check_in-4+1 involvement-1+1
2020-05-07 -05:00 check_in-4+2 involvement-1+2
2020-06-18 -05:00 meeting-5+0
2020-07-20 -05:00 check_in-5+0
2020-07-31 -05:00 check_in-5+1
2020-08-07 -05:00 check_in-5+2
2020-09-18 -05:00 meeting-6+0
2020-09-28 -05:00 closing_conversation+0
2020-10-20 -05:00 check_in-6+0 closure_survey+0 self_assessment-3+0
2020-11-02 -06:00 check_in-6+1
2020-11-05 -06:00 closure_survey+1 self_assessment-3+1
2020-11-09 -06:00 check_in-6+2
2020-11-12 -06:00 farewell+0
2020-11-17 -06:00 closure_survey+2 self_assessment-3+2
2021-02-10 -06:00 follow_up-1+0
2021-02-24 -06:00 follow_up-1+1
2021-05-10 -05:00 follow_up-2+0
2021-05-24 -05:00 follow_up-2+1
"""
MENTOR_ALONE = "2019-05-20 -05:00 first_contact+1"


def _as_mentee(line: str) -> str:
    """Return a line with what only the mentee is asked: goals beside each check-in, and thanks at the end."""
    words = line.replace("closing_conversation+0", "closing_conversation+0 thanks-2+0").split()
    goals = [f"goal_{word}" for word in words if word.startswith("check_in")]
    after = next((index for index, word in enumerate(words) if word.startswith("check_in")), len(words)) + 1
    return " ".join([*words[:after], *goals, *words[after:]])


def _day(email: PlannedEmail) -> str:
    day, at = email.at.astimezone(ZoneInfo(CHICAGO)).isoformat().split("T")
    return f"{day} {at.removeprefix('09:00:00')}"


def _lines(drawn: Plan, side: Side) -> list[str]:
    return [
        " ".join([_day(email), *(f"{ask.milestone}+{ask.occurrence}" for ask in email.asks)])
        for email in drawn.emails
        if email.to == Recipient(side)
    ]


@pytest.fixture
def drawn(mile_2019: Terms) -> Plan:
    return plan(mile_2019, datetime(2019, 5, 10, 13, tzinfo=UTC))


def test_mentor_of_2019_gets_these_36_emails_in_silence(drawn: Plan) -> None:
    expected = sorted([*BOTH.strip().splitlines(), MENTOR_ALONE])
    assert _lines(drawn, Side.MENTOR) == expected
    assert len(expected) == 36


def test_mentee_of_2019_gets_these_35_emails_in_silence(drawn: Plan) -> None:
    assert _lines(drawn, Side.MENTEE) == [_as_mentee(line) for line in BOTH.strip().splitlines()]


def test_all_71_emails_of_2019_go_out_at_nine_local_on_both_sides_of_daylight_saving(drawn: Plan) -> None:
    moments = [email.at.astimezone(ZoneInfo(CHICAGO)) for email in drawn.emails]
    assert len(moments) == 71
    assert {(at.hour, at.minute, at.second) for at in moments} == {(9, 0, 0)}
    assert {at.utcoffset() for at in moments} == {timedelta(hours=-5), timedelta(hours=-6)}
    assert {email.at.hour for email in drawn.emails} == {14, 15}


def test_2019_ends_on_10_november_2020(drawn: Plan) -> None:
    assert drawn.ends_on == date(2020, 11, 10)
    assert drawn.ends_at == datetime(2020, 11, 11, 6, tzinfo=UTC)


def test_six_windows_of_2019_are_three_months_each(mile_2019: Terms) -> None:
    days = ["2019-05-10", "2019-08-10", "2019-11-10", "2020-02-10", "2020-05-10", "2020-08-10", "2020-11-10"]
    expected = [(n, date.fromisoformat(days[n - 1]), date.fromisoformat(days[n])) for n in range(1, 7)]
    assert quarters(mile_2019) == expected


def test_what_can_be_made_up_for_stays_open_to_the_end(drawn: Plan) -> None:
    agreement = drawn.milestone(MilestoneKind.AGREEMENT)
    assert (agreement.opens_on, agreement.closes_on) == (date(2019, 5, 17), date(2019, 6, 21))
    assert agreement.open_until == drawn.ends_at
    late = {due.id for due in drawn.milestones if due.open_until}
    assert late == {MilestoneKind.AGREEMENT, MilestoneKind.FIRST_CONTACT}


def test_martin_luther_king_day_moves_the_third_opening(drawn: Plan) -> None:
    window = drawn.milestone("check_in-3")
    assert (window.opens_on, window.opens_at.date()) == (date(2020, 1, 20), date(2020, 1, 21))


def test_survey_of_2019_stays_open_three_weeks_past_the_end(drawn: Plan) -> None:
    survey = drawn.milestone(MilestoneKind.CLOSURE_SURVEY)
    assert (survey.opens_on, survey.closes_on) == (date(2020, 10, 20), date(2020, 12, 1))


def test_leap_day_class_ends_on_the_last_day_of_august(mile_2019: Terms) -> None:
    terms = mile_2019.model_copy(update={"kickoff_on": date(2024, 2, 29)})
    drawn = plan(terms, datetime(2024, 2, 29, 13, tzinfo=UTC))
    assert drawn.ends_on == date(2025, 8, 29)
    assert [last.isoformat() for _, _, last in quarters(terms)][3] == "2025-02-28"


def test_class_of_the_last_of_august_ends_on_the_last_of_february(mile_2019: Terms) -> None:
    terms = mile_2019.model_copy(update={"kickoff_on": date(2018, 8, 31)})
    assert plan(terms, datetime(2018, 8, 31, 13, tzinfo=UTC)).ends_on == date(2020, 2, 29)


def test_pair_that_agreed_in_june_meets_quarterly_and_reviews_every_half_year(mile_2019: Terms) -> None:
    agreed_on = date(2019, 6, 14)
    quarterly = Cadence(since=agreed_on, meetings=Rhythm(every_months=3), goal_updates=Rhythm(every_months=3))
    terms = mile_2019.model_copy(update={"cadences": (quarterly,), "agreed_on": agreed_on})
    due = {
        each.id: each.opens_on.isoformat()
        for each in plan(terms, datetime(2019, 5, 10, 13, tzinfo=UTC)).milestones
        if each.kind in (MilestoneKind.MEETING, MilestoneKind.AGREEMENT_REVIEW)
    }
    assert due == {
        "meeting-1": "2019-06-18",
        "meeting-2": "2019-09-18",
        # With the check-in that closes on November 10.
        "agreement_review-1": "2019-10-20",
        "meeting-3": "2019-12-19",
        "meeting-4": "2020-03-19",
        "agreement_review-2": "2020-04-19",
        "meeting-5": "2020-06-18",
        "meeting-6": "2020-09-18",
    }
