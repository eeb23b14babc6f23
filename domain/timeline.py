"""The plan of a mentorship: from its terms, all that is due in 18 months, drawn up before the first day is over.

Nothing here knows what was answered. The plan says what happens if nobody ever replies; an answer only ever takes
emails away (domain/steps.py), so whatever spacing holds here holds for every mentorship.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from domain.calendar import business_day, end_of, first_morning_from, local_day, months_after, morning, office_day
from schemas.base import Value
from schemas.ids import milestone_id
from schemas.mentorship import Ask, Milestone, Plan, PlannedEmail, Terms, Window
from schemas.words import MilestoneKind, Recipient, Side

BOTH = (Side.MENTOR, Side.MENTEE)
ONE_EMAIL_WITHIN = timedelta(days=3)
SHORTEST_WINDOW = timedelta(days=7)


class Nudge(Value):
    """One moment at which one participant would be written to about one milestone, if nothing else were due."""

    at: datetime
    ask: Ask
    asks_something: bool
    closes_at: datetime


def plan(terms: Terms, now: datetime) -> Plan:
    """Draw up the plan of a mentorship from its terms; emails that would lie before ``now`` go out on its day.

    The clock starts at kickoff and the mentorship ends 18 calendar months later, in the cohort's local time (A6).
    """
    ends_on = months_after(terms.kickoff_on, terms.timeline.months)
    milestones = tuple(sorted(_milestones(terms, ends_on), key=lambda due: (due.opens_at, due.closes_at)))
    reminders = {due.id: _reminder_days(terms, due) for due in milestones}
    first_day = office_day(now, terms.time_zone)
    emails = chain.from_iterable(
        _letters(side, sorted(_nudges(side, milestones, reminders, first_day, terms.time_zone), key=_order), terms)
        for side in BOTH
    )
    return Plan(
        milestones=milestones,
        emails=tuple(sorted(emails, key=lambda email: (email.at, email.to))),
        ends_on=ends_on,
        ends_at=end_of(ends_on, terms.time_zone),
    )


def window_of(terms: Terms, kind: MilestoneKind) -> Window:
    """Return the cohort's rule for when this kind of milestone is opened, reminded of and closed."""
    rules = terms.timeline
    return {
        MilestoneKind.WELCOME: rules.first_contact.model_copy(update={"opens": 0}),
        MilestoneKind.FIRST_CONTACT: rules.first_contact,
        MilestoneKind.CHECK_IN: rules.check_in,
        MilestoneKind.GOAL_CHECK_IN: rules.goal_check_in,
        MilestoneKind.CLOSURE_SURVEY: rules.closure_survey,
    }[kind]


def quarters(terms: Terms) -> list[tuple[int, date, date]]:
    """Return (number, first day, last day) of each check-in window: six of three months, from kickoff (A22)."""
    return _windows(terms, terms.timeline.check_in_every_months)


def quarter_on(terms: Terms, day: date) -> int:
    """Return the number of the check-in window a day belongs to; the last one after the end."""
    windows = quarters(terms)
    return next((number for number, _, last in windows if day <= last), len(windows))


def _windows(terms: Terms, every_months: int) -> list[tuple[int, date, date]]:
    start = terms.kickoff_on
    return [
        (number, months_after(start, (number - 1) * every_months), months_after(start, number * every_months))
        for number in range(1, terms.timeline.months // every_months + 1)
    ]


def _milestones(terms: Terms, ends_on: date) -> Iterator[Milestone]:
    start = terms.kickoff_on
    yield _due(terms, MilestoneKind.WELCOME, start, asked=())
    yield _due(terms, MilestoneKind.FIRST_CONTACT, start, asked=(Side.MENTOR,), settled_by_either=True)
    for number, _, last in quarters(terms):
        yield _due(terms, MilestoneKind.CHECK_IN, last, number=number)
    for number, _, last in _windows(terms, terms.timeline.goal_check_in_every_months) if terms.goals else ():
        yield _due(terms, MilestoneKind.GOAL_CHECK_IN, last, number=number, asked=(Side.MENTEE,))
    yield _due(terms, MilestoneKind.CLOSURE_SURVEY, ends_on)


def _due(
    terms: Terms,
    kind: MilestoneKind,
    anchor: date,
    *,
    number: int = 0,
    asked: tuple[Side, ...] = BOTH,
    settled_by_either: bool = False,
) -> Milestone:
    (opens_on, closes_on), zone = _fitted(terms, kind, anchor), terms.time_zone
    return Milestone(
        id=milestone_id(kind, number),
        kind=kind,
        number=number,
        asked=asked,
        settled_by_either=settled_by_either,
        opens_on=opens_on,
        closes_on=closes_on,
        opens_at=morning(business_day(opens_on), zone),
        closes_at=end_of(closes_on, zone),
        told_at=first_morning_from(end_of(closes_on, zone), zone) if asked else None,
    )


def _fitted(terms: Terms, kind: MilestoneKind, anchor: date) -> tuple[date, date]:
    """Return when a milestone opens and closes: not before kickoff, at least a week apart, within the mentorship.

    Only the closure survey may close after the end. Settings can ask for more than fits, such as a check-in every
    month that opens six weeks before; without this rule some windows would be over before anybody is asked.
    """
    window, kickoff_on = window_of(terms, kind), terms.kickoff_on
    closes_on = max(anchor + timedelta(days=window.closes), kickoff_on + SHORTEST_WINDOW)
    if kind is not MilestoneKind.CLOSURE_SURVEY:
        closes_on = min(closes_on, months_after(kickoff_on, terms.timeline.months))
    opens_on = max(anchor + timedelta(days=window.opens), kickoff_on)
    return min(opens_on, closes_on - SHORTEST_WINDOW), closes_on


def _reminder_days(terms: Terms, due: Milestone) -> list[date]:
    if not due.asked:
        return []
    window = window_of(terms, due.kind)
    days = [due.closes_on + timedelta(days=reminder - window.closes) for reminder in sorted(window.reminders)]
    return [business_day(day, not_after=due.closes_on) for day in days if day > due.opens_on]


def _nudges(
    side: Side, milestones: Iterable[Milestone], reminders: dict[str, list[date]], first_day: date, zone: str
) -> Iterator[Nudge]:
    for due in milestones:
        told = not due.asked or due.settled_by_either or side in due.asked
        opening = [local_day(due.opens_at, zone)] if told else []
        reminding = reminders[due.id] if side in due.asked else []
        for occurrence, day in enumerate([*opening, *reminding]):
            at = morning(business_day(max(day, first_day)), zone)
            ask = Ask(milestone=due.id, occurrence=occurrence)
            yield Nudge(at=at, ask=ask, asks_something=bool(due.asked), closes_at=due.closes_at)


def _order(nudge: Nudge) -> tuple[datetime, datetime, int]:
    return nudge.at, nudge.closes_at, nudge.ask.occurrence


def _most_pressing(nudge: Nudge) -> tuple[bool, datetime]:
    """A welcome leads its email, because only an email of that kind shows the partner; then what closes first."""
    return nudge.asks_something, nudge.closes_at


def _letters(side: Side, waiting: list[Nudge], terms: Terms) -> Iterator[PlannedEmail]:
    """Turn one side's nudges into emails: never two within three days, the later ones wait and merge."""
    free_from: datetime | None = None
    while waiting:
        at = waiting[0].at if free_from is None else max(waiting[0].at, first_morning_from(free_from, terms.time_zone))
        due, waiting = [n for n in waiting if n.at <= at], [n for n in waiting if n.at > at]
        asks = _asks(sorted((nudge for nudge in due if at < nudge.closes_at), key=_most_pressing))
        if asks:
            yield PlannedEmail(to=Recipient(side), at=at, asks=asks)
            free_from = at + ONE_EMAIL_WITHIN


def _asks(due: Iterable[Nudge]) -> tuple[Ask, ...]:
    first_for: dict[str, Ask] = {}
    for nudge in due:
        first_for.setdefault(nudge.ask.milestone, nudge.ask)
    return tuple(first_for.values())
