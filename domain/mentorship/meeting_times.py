"""When a pair can meet: times to suggest, what was typed as a moment, and the moment in both people's time zones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import is_business_day, local_day
from domain.formatting import DEFAULT_LOCALE, format_time, format_weekday
from domain.languages import gettext
from schemas.applications.people import Person
from schemas.enums import Availability, MilestoneKind
from schemas.errors import Refusal
from schemas.ids import milestone_id
from schemas.mentorship.meetings import MeetingDate
from schemas.mentorship.my_mentorship import MilestoneForSide
from schemas.mentorship.terms import EXTRA_MEETINGS

# The time of day that is suggested for each of what people say of themselves.
_SUGGESTED = {
    Availability.MORNINGS: time(10),
    Availability.LUNCH: time(12),
    Availability.AFTERNOONS: time(15),
    Availability.EVENINGS: time(18),
    Availability.WEEKENDS: time(11),
}
_WHERE_NOBODY_SAID = (Availability.MORNINGS, Availability.AFTERNOONS)
MOST_SUGGESTED = 10
# Nobody can be expected to answer sooner.
FIRST_AFTER = timedelta(days=3)
LAST_AFTER = timedelta(days=24)
# A date this near to a meeting of the pair's rhythm is that meeting; any other is one more.
IS_THAT_MEETING = timedelta(days=45)


def suggested_times(
    mine: Sequence[Availability], partners: Sequence[Availability], now: datetime, zone: str, *, around: date
) -> tuple[datetime, ...]:
    """Return up to ten moments to suggest, around a day but not before three days from now.

    They are at usual times of day in the proposer's time zone, and suit what both said of themselves when they applied.
    Where that is nothing, they suit the proposer, and tell nothing of the partner.
    """
    both = [each for each in Availability if each in mine and each in partners]
    usual = both or list(mine) or _WHERE_NOBODY_SAID
    first = max(local_day(now, zone) + FIRST_AFTER, around - timedelta(days=7))
    days = [first + timedelta(days=step) for step in range((LAST_AFTER - FIRST_AFTER).days)]
    suiting = [datetime.combine(day, at, ZoneInfo(zone)) for day in days for at in _times_on(day, usual)]
    # Spread over the days, so that a busy week does not take them all.
    step = max(1, -(-len(suiting) // MOST_SUGGESTED))
    return tuple(moment.astimezone(UTC) for moment in suiting[::step][:MOST_SUGGESTED])


def _times_on(day: date, usual: Iterable[Availability]) -> list[time]:
    if day.weekday() >= 5:
        return [_SUGGESTED[Availability.WEEKENDS]] if Availability.WEEKENDS in usual else []
    times = [_SUGGESTED[each] for each in usual if each is not Availability.WEEKENDS]
    return times if is_business_day(day) else []


def moment_of(day: date, at: time, zone: str) -> datetime:
    """Return the moment (UTC) of a local day and time; raises Refusal where clocks skip that time."""
    wall = datetime.combine(day, at, ZoneInfo(zone))
    moment = wall.astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise Refusal(
            gettext(
                "Clocks go forward that night, so there is no %(time)s on %(day)s.",
                time=format_time(at),
                day=format_weekday(day),
            )
        )
    return moment


def zone_of(person: Person, zone: str) -> str:
    """Return the time zone in which somebody reads times: their own, or that of the class."""
    return person.time_zone or zone


def time_words(moment: datetime, zone: str, locale: str = DEFAULT_LOCALE, *, today: date | None = None) -> str:
    """Return a moment as people read it, such as ``Thursday, March 26, 3:00 PM CDT``."""
    wall = moment.astimezone(ZoneInfo(zone))
    return f"{format_weekday(wall.date(), locale, today=today)}, {format_time(wall.time(), locale)} {wall:%Z}"


def both_times(
    moment: datetime,
    reader: Person,
    partner: Person,
    zone: str,
    locale: str = DEFAULT_LOCALE,
    *,
    today: date | None = None,
) -> str:
    """Return a moment in the reader's time zone, and in the partner's where their clocks differ then."""
    mine, theirs = (moment.astimezone(ZoneInfo(zone_of(person, zone))) for person in (reader, partner))
    words = time_words(moment, zone_of(reader, zone), locale, today=today)
    if mine.utcoffset() == theirs.utcoffset():
        return words
    other = f"{format_time(theirs.time(), locale)} {theirs:%Z}"
    if theirs.date() != mine.date():
        other = time_words(moment, zone_of(partner, zone), locale, today=today)
    return gettext("%(mine)s (%(theirs)s for %(partner)s)", mine=words, theirs=other, partner=partner.short_name)


def meeting_for(
    day: date, milestones: Iterable[MilestoneForSide], dates: Mapping[str, MeetingDate], now: datetime, opens: int
) -> str:
    """Return the milestone of the meeting that a day is agreed for.

    It is the one of the pair's rhythm with the nearest day that nobody logged and that has no date yet, or one more
    where none is near. ``opens`` is on which day, counted from its own, a meeting opens.
    """
    free = [each for each in milestones if _is_free(each, dates, now)]
    nearest = min(free, key=lambda each: (abs(_due_on(each, opens) - day), each.id), default=None)
    if nearest and abs(_due_on(nearest, opens) - day) <= IS_THAT_MEETING:
        return nearest.id
    extra = [int(name.rpartition("-")[2]) for name in dates]
    number = max((number for number in extra if number >= EXTRA_MEETINGS), default=EXTRA_MEETINGS - 1) + 1
    return milestone_id(MilestoneKind.MEETING, number)


def _due_on(milestone: MilestoneForSide, opens: int) -> date:
    return milestone.opens_on - timedelta(days=opens)


def _is_free(milestone: MilestoneForSide, dates: Mapping[str, MeetingDate], now: datetime) -> bool:
    agreed = dates.get(milestone.id)
    return (
        milestone.kind is MilestoneKind.MEETING
        and milestone.number < EXTRA_MEETINGS
        and milestone.closes_at > now
        and "held" not in {milestone.answers.get("held"), milestone.shared.get("held")}
        and (agreed is None or agreed.cancelled)
    )
