"""What a participant's own page about their mentorship says: what waits, what was answered, what comes."""

from datetime import date, timedelta

from domain.calendar import local_day
from domain.languages import gettext
from domain.mentorship.milestones import SETTLED_BY_EITHER
from schemas.base import FrozenModel
from schemas.cohort.resources import Resource
from schemas.enums import MilestoneKind
from schemas.forms.agreement import AGREEMENT, AREAS, MOST_GOALS
from schemas.forms.catalog import FORMS
from schemas.mentorship.meetings import MeetingDate
from schemas.mentorship.my_mentorship import MilestoneForSide, MyMentorship
from schemas.translatable import gettext_noop

TITLES = {kind: form.title for kind, form in FORMS.items()} | {
    AGREEMENT.kind: AGREEMENT.title,
    MilestoneKind.FAREWELL: gettext_noop("Your certificate"),
}


class MeetingOnPage(FrozenModel):
    """A meeting of a pair: on which day, and whether it was ``held``, ``agreed`` on, ``planned`` for a day, or ``due``.

    A meeting that is due has the day around which it is expected. ``medium`` is how they met, where somebody said it.
    ``date`` is there where the pair agreed on it here, and ``over`` says that it was to be over by now.
    """

    milestone: str
    day: date
    state: str
    medium: str = ""
    date: MeetingDate | None = None
    over: bool = False


class GoalOnPage(FrozenModel):
    """A goal in the mentee's words, with the links that staff recommend for what it is about."""

    words: str
    resources: tuple[Resource, ...] = ()


class CalendarDay(FrozenModel):
    """A day in somebody's calendar without an hour: the last one of what they are asked, or the mentorship's end."""

    key: str
    day: date
    title: str


def title_of(kind: MilestoneKind) -> str:
    """Return what a milestone of a kind is called on a page."""
    return gettext(TITLES[kind])


def has_page(milestone: MilestoneForSide) -> bool:
    """Tell whether a milestone has a page for the side that sees it: it is asked, or may answer without being asked."""
    return milestone.kind in TITLES and (
        milestone.asked or milestone.kind in {MilestoneKind.FIRST_CONTACT, MilestoneKind.FAREWELL}
    )


def waiting(page: MyMentorship) -> tuple[MilestoneForSide, ...]:
    """Return what waits for an answer of the page's owner, what is due first at the top."""
    due = [each for each in page.milestones if _waits(page, each)]
    return tuple(sorted(due, key=lambda each: (each.closes_on, each.id)))


def answered(page: MyMentorship) -> tuple[MilestoneForSide, ...]:
    """Return what the page's owner has answered, the newest first."""
    said = [(each.answered_at, each) for each in page.milestones if each.answered_at]
    return tuple(each for _, each in sorted(said, key=lambda pair: (pair[0], pair[1].id), reverse=True))


def coming(page: MyMentorship) -> tuple[MilestoneForSide, ...]:
    """Return what the page's owner will be asked, and the certificate, in order of opening."""
    return tuple(each for each in page.milestones if has_page(each) and each.opens_at > page.now)


def certificate(page: MyMentorship) -> MilestoneForSide | None:
    """Return the milestone whose page has the certificate, or None while there is none."""
    farewell = next((each for each in page.milestones if each.kind is MilestoneKind.FAREWELL), None)
    return farewell if farewell and (page.outcome or farewell.opens_at <= page.now) else None


def meetings(page: MyMentorship, today: date) -> tuple[MeetingOnPage, ...]:
    """Return the meetings that were held or have a date, and the next one that is due, in order of their days."""
    logged = [each for each in page.milestones if each.kind is MilestoneKind.MEETING]
    known = [meeting for each in logged if (meeting := _logged(each, page.cohort.timeline.meeting.opens))]
    held = {meeting.milestone for meeting in known if meeting.state == "held"}
    dated = [_dated(page, each) for each in page.dates.values() if not each.cancelled and each.milestone_id not in held]
    agreed_on = {meeting.milestone for meeting in dated}
    known = [*(meeting for meeting in known if meeting.milestone not in agreed_on), *dated]
    named = {meeting.milestone for meeting in known}
    days = ((each, each.opens_on - timedelta(days=page.cohort.timeline.meeting.opens)) for each in logged)
    due = (
        MeetingOnPage(milestone=each.id, day=day, state="due")
        for each, day in days
        if each.id not in named and day >= today and page.outcome is None
    )
    return tuple(sorted([*known, *list(due)[:1]], key=lambda meeting: (meeting.day, meeting.milestone)))


def goals(page: MyMentorship) -> tuple[GoalOnPage, ...]:
    """Return the goals with the links for their area: what the newest version with the same words says it is."""
    areas: dict[str, str] = {}
    for version in page.agreements:
        for number in range(1, MOST_GOALS + 1):
            if area := version.contents.get(f"goal_{number}_area"):
                areas[version.contents.get(f"goal_{number}", "")] = area
    return tuple(
        GoalOnPage(words=words, resources=tuple(one for one in page.resources if one.area == areas.get(words)))
        for words in page.pair.goals
    )


def other_resources(page: MyMentorship) -> tuple[tuple[str, tuple[Resource, ...]], ...]:
    """Return the links that stand beside no goal, by the label of their area."""
    beside = {one.id for goal in goals(page) for one in goal.resources}
    left = [
        (area, tuple(one for one in page.resources if one.area == area.value and one.id not in beside))
        for area in AREAS
    ]
    return tuple((gettext(area.label), found) for area, found in left if found)


def next_due_on(page: MyMentorship) -> date | None:
    """Return the day around which the next meeting without a date is expected, or None where none is."""
    today = local_day(page.now, page.cohort.time_zone)
    return next((meeting.day for meeting in meetings(page, today) if meeting.state == "due"), None)


def calendar_days(page: MyMentorship) -> tuple[CalendarDay, ...]:
    """Return the days that belong in the owner's calendar: the last of each window they are asked in, and the end.

    Meetings that have a date are not among them, and nothing that either side answered is.
    """
    if page.outcome is not None:
        return ()
    asked = [
        each
        for each in page.milestones
        if each.asked and each.kind in TITLES and each.kind is not MilestoneKind.MEETING and each.closes_at > page.now
    ]
    windows = [
        CalendarDay(key=each.id, day=each.closes_on, title=gettext("%(form)s: last day", form=title_of(each.kind)))
        for each in asked
    ]
    return (*windows, CalendarDay(key="end", day=page.pair.ends_on, title=gettext("Your mentorship ends")))


def _dated(page: MyMentorship, agreed: MeetingDate) -> MeetingOnPage:
    return MeetingOnPage(
        milestone=agreed.milestone_id,
        day=local_day(agreed.starts_at, page.cohort.time_zone),
        state="agreed",
        date=agreed,
        over=agreed.ends_at <= page.now,
    )


def _logged(milestone: MilestoneForSide, opens: int) -> MeetingOnPage | None:
    """Return what either side said of a meeting: that it was held counts before that it is planned."""
    for state in ("held", "planned"):
        for said in (milestone.answers, milestone.shared):
            if said.get("held") == state:
                day = date.fromisoformat(said["held_on"]) if "held_on" in said else None
                return MeetingOnPage(
                    milestone=milestone.id,
                    day=day or milestone.opens_on - timedelta(days=opens),
                    state=state,
                    medium=said.get("medium", ""),
                )
    return None


def _waits(page: MyMentorship, milestone: MilestoneForSide) -> bool:
    if not (milestone.asked and milestone.kind in TITLES and milestone.is_open(page.now)):
        return False
    if milestone.kind is MilestoneKind.AGREEMENT:
        newest = page.agreements[-1] if page.agreements else None
        return newest is None or page.side not in newest.confirmed_by
    settled = milestone.kind in SETTLED_BY_EITHER and bool(milestone.shared)
    return not (milestone.answers or settled)
