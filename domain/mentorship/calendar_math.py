"""The days of a mentorship: its end, its quarters, the days of its meetings and goal updates, and its pauses.

Everything is first counted in the mentorship's own days, as if its clock never stopped, and only then put on the
calendar: a day after a pause moves by the pause's length. So a rule about own days holds with and without pauses
(decision 10).
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count, pairwise, takewhile, zip_longest

from domain.calendar import months_after
from schemas.mentorship.terms import Pause, Rhythm, Terms

QUARTER_MONTHS = 3


def total_months(terms: Terms) -> int:
    """Return how many months a mentorship takes, with what staff extended it by."""
    return terms.timeline.months + terms.extended_months


def last_own_day(terms: Terms) -> date:
    """Return the mentorship's last own day: 18 calendar months after kickoff, and what it was extended by (A6)."""
    return months_after(terms.kickoff_on, total_months(terms))


def ends_on(terms: Terms) -> date:
    """Return the calendar day a mentorship ends: kickoff, its months, its pauses; or earlier where it was ended."""
    return terms.ending.on if terms.ending else on_calendar(terms, last_own_day(terms))


def on_calendar(terms: Terms, day: date) -> date:
    """Return the calendar day of a mentorship's own day: later by every pause that began before it was reached."""
    # In order, because an earlier pause can move a day into or past a later one.
    for pause in _in_order(terms.pauses):
        if day >= pause.from_on:
            day += pause.length
    return day


def own_day(terms: Terms, day: date) -> date:
    """Return the mentorship's own day of a calendar day; all days of a pause are the one on which it began."""
    # The latest first, which undoes the steps of on_calendar in reverse.
    for pause in reversed(_in_order(terms.pauses)):
        if day >= pause.from_on:
            day = max(day - pause.length, pause.from_on)
    return day


def paused_on(terms: Terms, day: date) -> Pause | None:
    """Return the pause a calendar day lies in, or None."""
    # A loop: a plan asks this hundreds of times, and hardly any has a pause.
    for pause in terms.pauses:
        if pause.from_on <= day < pause.until_on:
            return pause
    return None


def quarters(terms: Terms) -> list[tuple[int, date, date]]:
    """Return (number, first, last own day) of each check-in window: six of three months, counted from kickoff (A22)."""
    steps = _steps(terms.kickoff_on, last_own_day(terms), terms.timeline.check_in_every_months)
    return [(number, first, last) for number, (first, last) in enumerate(pairwise((terms.kickoff_on, *steps)), 1)]


def quarter_on(terms: Terms, day: date) -> int:
    """Return the number of the check-in window a calendar day belongs to; the last one after the end."""
    windows = quarters(terms)
    return next((number for number, _, last in windows if own_day(terms, day) <= last), len(windows))


def goal_update_days(terms: Terms) -> list[date]:
    """Return the own days by which goals are reported on: the cohort's rhythm until the pair agrees on another (A28).

    A report that was asked for already when the rhythm changed is still due.
    """
    lead = timedelta(days=-terms.timeline.goal_check_in.opens)
    default = Rhythm(every_months=terms.timeline.goal_check_in_every_months)
    return list(_days(terms, [(terms.kickoff_on, default), *_agreed(terms, "goal_updates")], lead))


def meeting_days(terms: Terms) -> list[date]:
    """Return the own days of the meetings: by the cohort's rhythm until the pair agrees on another (A27, A28).

    A pair with a rhythm and no dates is taken to meet in the middle of each stretch of it. Without an agreement both
    are reminded of meetings all the same: nothing depends on goodwill (A24, A37).
    """
    lead = timedelta(days=-terms.timeline.meeting.opens)
    default = Rhythm(every_months=terms.timeline.meetings_every_months)
    return list(_days(terms, [(terms.kickoff_on, default), *_agreed(terms, "meetings")], lead, halfway=True))


def _agreed(terms: Terms, what: str) -> list[tuple[date, Rhythm]]:
    agreed = ((own_day(terms, cadence.since), getattr(cadence, what)) for cadence in terms.cadences)
    return [(since, rhythm) for since, rhythm in agreed if rhythm]


def _days(
    terms: Terms, rhythms: list[tuple[date, Rhythm]], lead: timedelta, *, halfway: bool = False
) -> Iterator[date]:
    """Yield the days of each rhythm from the day it came into force until it was followed by another."""
    ends = last_own_day(terms)
    followed_on = [since for since, _ in rhythms[1:]]
    # A new rhythm starts after the last day of the one before, so no meeting or report is asked for twice.
    reached = terms.kickoff_on
    for (since, rhythm), until in zip_longest(rhythms, followed_on):
        for day in _of_rhythm(terms, rhythm, ends, halfway=halfway):
            if max(since, reached) < day <= ends and (until is None or day - lead <= until):
                reached = day
                yield day


def _of_rhythm(terms: Terms, rhythm: Rhythm, ends: date, *, halfway: bool) -> Iterable[date]:
    # Dates that the pair chose are calendar days; one that falls into a pause is dropped, because nobody is asked
    # then.
    if rhythm.on:
        return sorted({own_day(terms, day) for day in rhythm.on if not paused_on(terms, day)})
    steps = list(_steps(terms.kickoff_on, ends, rhythm.every_months or QUARTER_MONTHS))
    if not halfway:
        return steps
    return [first + (last - first) // 2 for first, last in pairwise((terms.kickoff_on, *steps))]


def _steps(start: date, end: date, months: int) -> Iterator[date]:
    """Yield the ends of stretches of so many months from ``start``; the last one is cut short where it must be."""
    inner = takewhile(lambda day: day < end, (months_after(start, number * months) for number in count(1)))
    yield from inner
    yield end


def _in_order(pauses: Iterable[Pause]) -> list[Pause]:
    return sorted(pauses, key=lambda pause: pause.from_on)
