"""All that is due in a mentorship, from its terms: the program's table of 18 months, row by row."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from domain.calendar import end_of_day, is_business_day, local_day, months_after, morning
from domain.mentorship.calendar_math import (
    ends_on,
    goal_update_days,
    last_own_day,
    meeting_days,
    on_calendar,
    own_day,
    paused_on,
    quarters,
    total_months,
)
from schemas.enums import MilestoneKind, Side
from schemas.ids import milestone_id
from schemas.mentorship.state import Milestone
from schemas.mentorship.terms import AgreedMeeting, Terms, Window

BOTH = (Side.MENTOR, Side.MENTEE)
MIN_WINDOW = timedelta(days=7)
YEAR_MONTHS = 12
# Whoever agrees on a date so shortly before has it in a calendar, with all that the email before a meeting says.
INVITED_WITHIN = timedelta(weeks=4)
# A late answer to these still helps, and ends the concern of staff, so they can be answered until the end.
OPEN_UNTIL_THE_END = (MilestoneKind.FIRST_CONTACT, MilestoneKind.AGREEMENT)
# One answer is enough, whichever side gives it.
SETTLED_BY_EITHER = (MilestoneKind.FIRST_CONTACT, MilestoneKind.MEETING, MilestoneKind.CLOSING_CONVERSATION)


class MilestoneRule(NamedTuple):
    """One row of the table: what is due, counted from which own day of the mentorship, and who is asked.

    Only what ``outlives`` the mentorship can be answered after its end; everything else closes with it. What is
    ``announced`` needs no first email. ``reminds_on`` is an own day with a reminder beside those of the window, and
    ``reminded`` are those who get reminders, if not all who are asked.
    """

    kind: MilestoneKind
    anchor: date
    window: Window
    number: int = 0
    asked: tuple[Side, ...] = BOTH
    outlives: bool = False
    announced: bool = False
    reminds_on: date | None = None
    reminded: tuple[Side, ...] = ()


def milestones(terms: Terms) -> tuple[tuple[Milestone, tuple[date, ...]], ...]:
    """Return what is due in order of opening, each with the calendar days of its reminders."""
    lines = _after_an_early_end(terms) if terms.ending else filter(None, (_fitted(terms, due) for due in _table(terms)))
    return tuple(sorted(lines, key=lambda line: (line[0].opens_at, line[0].closes_at)))


def writing_day(terms: Terms, day: date, *, not_after: date | None = None) -> date:
    """Return the first business day from a day on that is in no pause: a day on which emails may leave.

    Where that is later than ``not_after``, return the last such day before it.
    """
    forward = _roll(terms, day, onward=True)
    return forward if not_after is None or forward <= not_after else _roll(terms, not_after, onward=False)


def _roll(terms: Terms, day: date, *, onward: bool) -> date:
    step = timedelta(days=1 if onward else -1)
    while (pause := paused_on(terms, day)) or not is_business_day(day):
        day = day + step if pause is None else pause.until_on if onward else pause.from_on + step
    return day


def _table(terms: Terms) -> Iterator[MilestoneRule]:
    yield from _preparing(terms)
    yield from _meeting(terms)
    yield from _checking_in(terms)
    yield from _reviewing(terms)
    yield from _closing(terms)
    yield from _afterwards(terms)


def _preparing(terms: Terms) -> Iterator[MilestoneRule]:
    rules, first = terms.timeline, own_day(terms, terms.first_day)
    yield MilestoneRule(kind=MilestoneKind.WELCOME, anchor=first, window=_at_once(rules.first_contact), asked=())
    yield MilestoneRule(
        kind=MilestoneKind.FIRST_CONTACT,
        anchor=first,
        window=rules.first_contact,
        asked=(Side.MENTOR,),
    )
    # Roles and goals are agreed on early: within six weeks by default (A31).
    yield MilestoneRule(kind=MilestoneKind.AGREEMENT, anchor=first, window=rules.agreement)
    # A mentor who takes over has not rated themselves yet; the mentee has, with the mentor before.
    asked = (Side.MENTOR,) if terms.predecessor else BOTH
    yield MilestoneRule(kind=MilestoneKind.SELF_ASSESSMENT, number=1, anchor=first, window=rules.agreement, asked=asked)


def _meeting(terms: Terms) -> Iterator[MilestoneRule]:
    rules = terms.timeline
    by_rhythm = dict(enumerate(meeting_days(terms), start=1))
    agreed = {meeting.number: meeting for meeting in terms.agreed_meetings}
    for number in sorted({*by_rhythm, *agreed}):
        if rule := _meeting_rule(terms, number, by_rhythm.get(number), agreed.get(number)):
            yield rule
    # Thanks are offered after the first meeting and at the closing (A39).
    if terms.first_met_on:
        met_on = own_day(terms, terms.first_met_on)
        yield MilestoneRule(
            kind=MilestoneKind.THANKS, number=1, anchor=met_on, window=rules.thanks, asked=(Side.MENTEE,)
        )


def _meeting_rule(terms: Terms, number: int, day: date | None, agreed: AgreedMeeting | None) -> MilestoneRule | None:
    """Return what is due for one meeting: on the day that was agreed on, or around the ``day`` of the pair's rhythm.

    One that was cancelled is expected around its day again, and never before the day that was called off.
    """
    window, on = terms.timeline.meeting, own_day(terms, agreed.on) if agreed else None
    if agreed is None or on is None or agreed.cancelled:
        if day is None:
            return None
        anchor = max(day, on or day)
        return MilestoneRule(kind=MilestoneKind.MEETING, number=number, anchor=anchor, window=window)
    return MilestoneRule(
        kind=MilestoneKind.MEETING,
        number=number,
        anchor=on,
        window=window,
        reminds_on=on + timedelta(days=1),
        # One of the two is enough to say that they met: whoever proposed it, as the other was emailed the times.
        reminded=(agreed.by.partner,) if agreed.by else (),
        announced=agreed.on - INVITED_WITHIN <= local_day(agreed.agreed_at, terms.time_zone),
    )


def _checking_in(terms: Terms) -> Iterator[MilestoneRule]:
    rules, kickoff = terms.timeline, terms.kickoff_on
    for number, _, last in quarters(terms):
        yield MilestoneRule(kind=MilestoneKind.CHECK_IN, number=number, anchor=last, window=rules.check_in)
    for number, day in enumerate(goal_update_days(terms) if terms.goals else (), start=1):
        yield MilestoneRule(
            kind=MilestoneKind.GOAL_CHECK_IN,
            number=number,
            anchor=day,
            window=rules.goal_check_in,
            asked=(Side.MENTEE,),
        )
    # The same items at the start, halfway and at the end, so that they can be compared (A10, A13, A15).
    halfway = months_after(kickoff, terms.timeline.months // 2)
    yield MilestoneRule(kind=MilestoneKind.SELF_ASSESSMENT, number=2, anchor=halfway, window=rules.check_in)
    # Involvement in the association is asked about once a year, and never a condition (A40).
    for number, day in enumerate(_days_every(terms, YEAR_MONTHS), start=1):
        yield MilestoneRule(kind=MilestoneKind.INVOLVEMENT, number=number, anchor=day, window=rules.check_in)


def _reviewing(terms: Terms) -> Iterator[MilestoneRule]:
    if terms.agreed_on is None:
        return
    rules, agreed_on = terms.timeline, own_day(terms, terms.agreed_on)
    for number, day in enumerate(_days_every(terms, rules.agreement_review_every_months), start=1):
        if day > agreed_on:
            yield MilestoneRule(
                kind=MilestoneKind.AGREEMENT_REVIEW, number=number, anchor=day, window=rules.agreement_review
            )


def _closing(terms: Terms) -> Iterator[MilestoneRule]:
    rules, ends = terms.timeline, last_own_day(terms)
    conversation, survey = rules.closing_conversation, rules.closure_survey
    yield MilestoneRule(kind=MilestoneKind.CLOSING_CONVERSATION, anchor=ends, window=conversation)
    yield MilestoneRule(kind=MilestoneKind.THANKS, number=2, anchor=ends, window=conversation, asked=(Side.MENTEE,))
    yield MilestoneRule(kind=MilestoneKind.CLOSURE_SURVEY, anchor=ends, window=survey, outlives=True)
    yield MilestoneRule(kind=MilestoneKind.SELF_ASSESSMENT, number=3, anchor=ends, window=survey, outlives=True)


def _afterwards(terms: Terms) -> Iterator[MilestoneRule]:
    rules, ends = terms.timeline, last_own_day(terms)
    yield MilestoneRule(
        kind=MilestoneKind.FAREWELL, anchor=ends, window=Window(opens=1, closes=30), asked=(), outlives=True
    )
    # Some months after the end people are asked what came of it (A18).
    for number, months in enumerate(rules.follow_up_after_months, start=1):
        day = months_after(ends, months)
        yield MilestoneRule(
            kind=MilestoneKind.FOLLOW_UP, number=number, anchor=day, window=rules.follow_up, outlives=True
        )


def _days_every(terms: Terms, months: int) -> list[date]:
    """Return a day every so many months within the mentorship, without its last day, which belongs to the closing."""
    days = (months_after(terms.kickoff_on, month) for month in range(months, total_months(terms), months))
    return [day for day in days if day < last_own_day(terms)]


def _at_once(window: Window) -> Window:
    return Window(opens=0, closes=max(window.closes, MIN_WINDOW.days))


def _fitted(terms: Terms, due: MilestoneRule) -> tuple[Milestone, tuple[date, ...]] | None:
    """Fit a row into the mentorship: at least a week long, not before its first day, and closed with its end.

    Settings can ask for more than fits, such as a check-in every month that opens six weeks before; without this rule
    some windows would be over before anybody is asked. What was over before the pair began is not due to it.
    """
    first, last = own_day(terms, terms.first_day), last_own_day(terms)
    closes = due.anchor + timedelta(days=due.window.closes)
    if closes < first + MIN_WINDOW and terms.begins_on:
        return None
    closes = max(closes, first + MIN_WINDOW)
    if not due.outlives:
        closes = min(closes, last)
    opens = min(max(due.anchor + timedelta(days=due.window.opens), first), closes - MIN_WINDOW)
    reminders = {closes + timedelta(days=reminder - due.window.closes) for reminder in due.window.reminders}
    if due.reminds_on and due.reminds_on < closes:
        reminders.add(due.reminds_on)
    days = [on_calendar(terms, day) for day in sorted(reminders) if day > opens]
    return _milestone(terms, due, on_calendar(terms, opens), on_calendar(terms, closes)), tuple(days)


def _milestone(terms: Terms, due: MilestoneRule, opens_on: date, closes_on: date) -> Milestone:
    zone = terms.time_zone
    stays_open = due.kind in OPEN_UNTIL_THE_END
    return Milestone(
        id=milestone_id(due.kind, due.number),
        kind=due.kind,
        number=due.number,
        asked=due.asked,
        settled_by_either=due.kind in SETTLED_BY_EITHER,
        announced=due.announced,
        reminded=due.reminded,
        opens_on=opens_on,
        closes_on=closes_on,
        opens_at=morning(writing_day(terms, opens_on), zone),
        closes_at=end_of_day(closes_on, zone),
        open_until=end_of_day(ends_on(terms), zone) if stays_open else None,
    )


def _after_an_early_end(terms: Terms) -> Iterator[tuple[Milestone, tuple[date, ...]]]:
    """Yield what is left of a mentorship that was ended early: the survey and the certificate, in its farewell."""
    ended_on, zone, survey = ends_on(terms), terms.time_zone, terms.timeline.closure_survey
    would_open_on = on_calendar(terms, last_own_day(terms) + timedelta(days=survey.opens))
    for kind, asked in ((MilestoneKind.CLOSURE_SURVEY, BOTH), (MilestoneKind.FAREWELL, ())):
        closes_on = ended_on + max(timedelta(days=survey.closes), MIN_WINDOW)
        # A survey that was answered already stays answered. None opens before the pair began.
        opens_on = max(min(ended_on, would_open_on), terms.first_day)
        yield (
            Milestone(
                id=milestone_id(kind),
                kind=kind,
                asked=asked,
                opens_on=opens_on,
                closes_on=closes_on,
                opens_at=_start_of(opens_on, zone),
                closes_at=end_of_day(closes_on, zone),
            ),
            (),
        )


def _start_of(day: date, zone: str) -> datetime:
    return end_of_day(day - timedelta(days=1), zone)
