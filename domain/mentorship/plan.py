"""The plan of a mentorship: from its terms, all that is due in 18 months and after.

Nothing here depends on answers. The plan says what happens if nobody ever replies; an answer only ever removes
emails (domain.mentorship.progression), so whatever spacing holds here holds for every mentorship. Where the pair
agrees on something or staff change something, the terms change and a new plan is made; what was sent stays in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from domain.calendar import end_of_day, first_business_morning, local_day, morning, office_day
from domain.mentorship.calendar_math import ends_on
from domain.mentorship.milestones import BOTH, milestones, writing_day
from schemas.base import FrozenModel
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.mentorship.state import Ask, Milestone, Plan, PlannedEmail
from schemas.mentorship.terms import Terms

# At most one automatic email per person in three days: later asks wait, and share an email.
ONE_EMAIL_EVERY = timedelta(days=3)
# These decide the kind of an email that they share with other asks, because only that kind has their content.
LEADING_KINDS = (MilestoneKind.WELCOME, MilestoneKind.FAREWELL)


class ScheduledAsk(NamedTuple):
    """The moment of one participant's email about one milestone, if nothing else were due."""

    at: datetime
    ask: Ask
    leads: bool
    closes_at: datetime


class SendSchedule(FrozenModel):
    """What decides when one participant gets emails: the first possible day, and the emails they got before."""

    terms: Terms
    side: Side
    first_day: date
    sent: tuple[PlannedEmail, ...] = ()

    def morning_from(self, day: date, *, not_after: date | None = None) -> datetime:
        """Return the first morning from a day on at which this participant may get an email.

        Where that is later than ``not_after``, return the last such morning before it, unless that is past.
        """
        writable_day = writing_day(self.terms, max(day, self.first_day), not_after=not_after)
        return morning(max(writable_day, self.first_day), self.terms.time_zone)

    def has_asked(self, milestone: Milestone, ask: Ask, day: date, *, not_after: date | None = None) -> bool:
        """Tell whether an earlier email made this ask already.

        One that was sent on the day of the ask or later did. So did one that made it before its window was extended.
        """
        if not self.sent:
            return False
        meant_for = morning(writing_day(self.terms, day, not_after=not_after), self.terms.time_zone)
        return any(
            earlier.milestone == ask.milestone
            and milestone.opens_at <= email.at
            and (meant_for <= email.at or ask.occurrence <= earlier.occurrence)
            for email in self.sent
            for earlier in email.asks
        )

    def free_after(self, at: datetime) -> datetime:
        """Return the first morning on which another email may follow one that was sent at a moment."""
        zone = self.terms.time_zone
        return self.morning_from(local_day(first_business_morning(at + ONE_EMAIL_EVERY, zone), zone))


def plan(terms: Terms, now: datetime, sent: Sequence[PlannedEmail] = ()) -> Plan:
    """Make the plan of a mentorship from its terms.

    ``sent`` are the emails of an earlier plan whose moments are past: they stay as they were, and what they asked is
    not asked again. What should have been sent before ``now`` is sent on its day, or the next morning in a later plan.
    """
    if sent:
        return _plan(terms, now, sent)
    # The mentorships of a class begin alike. What their first plans depend on is the day, and the terms without ids.
    alike = terms.model_copy(update={"mentorship_id": "", "cohort_id": ""})
    return _first_plan(alike, morning(office_day(now, terms.time_zone), terms.time_zone))


@lru_cache(maxsize=32)
def _first_plan(terms: Terms, now: datetime) -> Plan:
    return _plan(terms, now)


def _plan(terms: Terms, now: datetime, sent: Sequence[PlannedEmail] = ()) -> Plan:
    as_of = _planned_as_of(terms, now)
    due = [(milestone, days) for milestone, days in milestones(terms) if _is_due(milestone, as_of, sent)]
    planned = chain.from_iterable(_emails(_send_schedule(terms, side, now, sent), due) for side in BOTH)
    emails = tuple(sorted((*sent, *planned), key=lambda email: (email.at, email.to)))
    return Plan(
        revision=terms.revision,
        milestones=tuple(milestone for milestone, _ in due if not sent or _can_be_answered(milestone, terms, emails)),
        emails=emails,
        ends_on=ends_on(terms),
        ends_at=end_of_day(ends_on(terms), terms.time_zone),
    )


def _planned_as_of(terms: Terms, now: datetime) -> datetime:
    """Return the moment whose open milestones belong in a plan: now, or the day of an early end.

    An early end asks for its last milestones outside the plan; one of them that has closed since would be lost.
    """
    if terms.ending is None:
        return now
    return min(now, end_of_day(terms.ending.on - timedelta(days=1), terms.time_zone))


def _is_due(milestone: Milestone, now: datetime, sent: Sequence[PlannedEmail]) -> bool:
    """Tell whether a milestone belongs in a plan: what is over was due only if somebody knew of it."""
    return not sent or milestone.closes_at > now or _is_known(milestone, sent)


def _can_be_answered(milestone: Milestone, terms: Terms, emails: Iterable[PlannedEmail]) -> bool:
    """Tell whether anybody learns of a milestone before it closes.

    A date that a pair agrees on may be so near that its window closes before the next email may be sent. Nobody is
    then counted as silent about it. After an early end the farewell is sent at once, outside the plan.
    """
    return not milestone.asked or terms.ending is not None or _is_known(milestone, emails)


def _is_known(milestone: Milestone, emails: Iterable[PlannedEmail]) -> bool:
    """Tell whether anybody knows of a milestone: by an email, or because the two agreed on its date themselves."""
    return milestone.announced or any(ask.milestone == milestone.id for email in emails for ask in email.asks)


def _send_schedule(terms: Terms, side: Side, now: datetime, sent: Sequence[PlannedEmail]) -> SendSchedule:
    # The moment that was just executed is past: nothing more can be sent at it.
    first = first_business_morning(now + timedelta(minutes=1), terms.time_zone) if sent else now
    return SendSchedule(
        terms=terms,
        side=side,
        first_day=writing_day(terms, office_day(first, terms.time_zone)),
        sent=tuple(email for email in sent if email.to == Recipient(side)),
    )


def _emails(schedule: SendSchedule, due: Iterable[tuple[Milestone, Sequence[date]]]) -> Iterator[PlannedEmail]:
    """Merge one side's asks into emails: never two within three days, the later asks wait.

    A mentorship that was ended early sends no more by itself: its farewell said all there was to say.
    """
    free_from = max((schedule.free_after(email.at) for email in schedule.sent), default=None)
    waiting = [] if schedule.terms.ending else sorted(_scheduled_asks(schedule, due), key=_by_moment)
    while waiting:
        at = max(waiting[0].at, free_from or waiting[0].at)
        # Everything that is due by then shares this email; what has closed by then is not asked any more.
        ready, waiting = [ask for ask in waiting if ask.at <= at], [ask for ask in waiting if ask.at > at]
        asks = _one_per_milestone(sorted((ask for ask in ready if at < ask.closes_at), key=_by_urgency))
        if asks:
            yield PlannedEmail(to=Recipient(schedule.side), at=at, asks=asks)
            free_from = schedule.free_after(at)


def _scheduled_asks(schedule: SendSchedule, due: Iterable[tuple[Milestone, Sequence[date]]]) -> Iterator[ScheduledAsk]:
    for milestone, reminder_days in due:
        is_asked = schedule.side in milestone.asked
        is_told = not milestone.asked or milestone.settled_by_either or is_asked
        first = [(0, milestone.opens_on)] if is_told and not milestone.announced else []
        is_reminded = is_asked and schedule.side in (milestone.reminded or milestone.asked)
        reminders = enumerate(reminder_days, start=1) if is_reminded else ()
        for occurrence, day in (*first, *reminders):
            ask = Ask(milestone=milestone.id, occurrence=occurrence)
            # A reminder is worth sending only while there is time to answer.
            not_after = milestone.closes_on if occurrence else None
            if not schedule.has_asked(milestone, ask, day, not_after=not_after):
                at = schedule.morning_from(day, not_after=not_after)
                leads = milestone.kind in LEADING_KINDS
                yield ScheduledAsk(at=at, ask=ask, leads=leads, closes_at=milestone.closes_at)


def _by_moment(ask: ScheduledAsk) -> tuple[datetime, datetime, int]:
    return ask.at, ask.closes_at, ask.ask.occurrence


def _by_urgency(ask: ScheduledAsk) -> tuple[bool, datetime]:
    return not ask.leads, ask.closes_at


def _one_per_milestone(asks: Iterable[ScheduledAsk]) -> tuple[Ask, ...]:
    first_of: dict[str, Ask] = {}
    for scheduled in asks:
        first_of.setdefault(scheduled.ask.milestone, scheduled.ask)
    return tuple(first_of.values())
