"""The plan of a mentorship: from its terms, all that is due in 18 months and after.

Nothing here knows what was answered. The plan says what happens if nobody ever replies; an answer only ever takes
emails away (domain.mentorship.progression), so whatever spacing holds here holds for every mentorship. Where the pair
agrees on something or staff change something, the terms change and a new plan is made; what was sent stays in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from domain.calendar import end_of_day, first_business_morning, local_day, morning, office_day
from domain.mentorship.calendar_math import ends_on
from domain.mentorship.milestones import BOTH, milestones, writing_day
from schemas.base import FrozenModel
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.mentorship.state import Ask, Milestone, Plan, PlannedEmail
from schemas.mentorship.terms import Terms

ONE_EMAIL_EVERY = timedelta(days=3)
# These lead the email they are in, because only an email of their kind says what it has to say.
LEADING_KINDS = (MilestoneKind.WELCOME, MilestoneKind.FAREWELL)


class ScheduledAsk(FrozenModel):
    """One moment at which one participant would be written to about one milestone, if nothing else were due."""

    at: datetime
    ask: Ask
    leads: bool
    closes_at: datetime


class SendSchedule(FrozenModel):
    """What decides when one participant is written to: the first day for it, and what they were sent before."""

    terms: Terms
    side: Side
    first_day: date
    lived: tuple[PlannedEmail, ...] = ()

    def morning_from(self, day: date, *, not_after: date | None = None) -> datetime:
        """Return the first morning from a day on which this participant can be written to.

        Where that passes ``not_after`` it is the last such morning before; where that is past, it is too late for it.
        """
        at = writing_day(self.terms, max(day, self.first_day), not_after=not_after)
        return morning(max(at, writing_day(self.terms, self.first_day)), self.terms.time_zone)

    def has_said(self, milestone: Milestone, ask: Ask, day: date, *, not_after: date | None = None) -> bool:
        """Tell whether an earlier email said already what would be said of a milestone on a day.

        One that went out on that day or later did. So did one that said it before its window was drawn out.
        """
        meant_for = morning(writing_day(self.terms, day, not_after=not_after), self.terms.time_zone)
        return any(
            said.milestone == ask.milestone
            and milestone.opens_at <= email.at
            and (meant_for <= email.at or ask.occurrence <= said.occurrence)
            for email in self.lived
            for said in email.asks
        )


def plan(terms: Terms, now: datetime, lived: Sequence[PlannedEmail] = ()) -> Plan:
    """Draw up the plan of a mentorship from its terms.

    ``lived`` are the emails of an earlier plan whose moments are past: they stay as they were, and what they asked is
    not asked again. What should have gone out before ``now`` goes out on its day, or the next morning in a later plan.
    """
    lines = [line for line in milestones(terms) if _is_due(line[0], now, lived)]
    emails = chain.from_iterable(_letters(_post(terms, side, now, lived), lines) for side in BOTH)
    return Plan(
        revision=terms.revision,
        milestones=tuple(milestone for milestone, _ in lines),
        emails=tuple(sorted((*lived, *emails), key=lambda email: (email.at, email.to))),
        ends_on=ends_on(terms),
        ends_at=end_of_day(ends_on(terms), terms.time_zone),
    )


def _is_due(milestone: Milestone, now: datetime, lived: Sequence[PlannedEmail]) -> bool:
    """Tell whether a milestone belongs in a plan: what is over was due only if somebody was asked about it."""
    asked = (ask.milestone for email in lived for ask in email.asks)
    return not lived or milestone.closes_at > now or milestone.id in asked


def _post(terms: Terms, side: Side, now: datetime, lived: Sequence[PlannedEmail]) -> SendSchedule:
    # The moment that was just lived is past: nothing more can go out at it.
    first = first_business_morning(now + timedelta(minutes=1), terms.time_zone) if lived else now
    return SendSchedule(
        terms=terms,
        side=side,
        first_day=office_day(first, terms.time_zone),
        lived=tuple(email for email in lived if email.to == Recipient(side)),
    )


def _letters(post: SendSchedule, lines: Iterable[tuple[Milestone, Sequence[date]]]) -> Iterator[PlannedEmail]:
    """Turn one side's nudges into emails: never two within three days, the later ones wait and merge.

    A mentorship that was ended early writes no more by itself: its farewell said all there was to say.
    """
    free_from = max((_free_after(post, email.at) for email in post.lived), default=None)
    waiting = [] if post.terms.ending else sorted(_nudges(post, lines), key=_order)
    while waiting:
        at = max(waiting[0].at, free_from or waiting[0].at)
        due, waiting = [n for n in waiting if n.at <= at], [n for n in waiting if n.at > at]
        asks = _asks(sorted((nudge for nudge in due if at < nudge.closes_at), key=_most_pressing))
        if asks:
            yield PlannedEmail(to=Recipient(post.side), at=at, asks=asks)
            free_from = _free_after(post, at)


def _free_after(post: SendSchedule, at: datetime) -> datetime:
    zone = post.terms.time_zone
    return post.morning_from(local_day(first_business_morning(at + ONE_EMAIL_EVERY, zone), zone))


def _nudges(post: SendSchedule, lines: Iterable[tuple[Milestone, Sequence[date]]]) -> Iterator[ScheduledAsk]:
    for due, reminder_days in lines:
        told = not due.asked or due.settled_by_either or post.side in due.asked
        opening = [due.opens_on] if told else []
        reminding = reminder_days if post.side in due.asked else []
        for occurrence, day in enumerate([*opening, *reminding]):
            ask, not_after = Ask(milestone=due.id, occurrence=occurrence), due.closes_on if occurrence else None
            if not post.has_said(due, ask, day, not_after=not_after):
                at = post.morning_from(day, not_after=not_after)
                yield ScheduledAsk(at=at, ask=ask, leads=due.kind in LEADING_KINDS, closes_at=due.closes_at)


def _order(nudge: ScheduledAsk) -> tuple[datetime, datetime, int]:
    return nudge.at, nudge.closes_at, nudge.ask.occurrence


def _most_pressing(nudge: ScheduledAsk) -> tuple[bool, datetime]:
    return not nudge.leads, nudge.closes_at


def _asks(due: Iterable[ScheduledAsk]) -> tuple[Ask, ...]:
    first_for: dict[str, Ask] = {}
    for nudge in due:
        first_for.setdefault(nudge.ask.milestone, nudge.ask)
    return tuple(first_for.values())
