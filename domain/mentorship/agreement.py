"""The rules of an agreement: who writes what, what it takes to agree, and what its workflow learns of it.

An agreement's contents are texts by question name, as answers are; a question without an answer has no entry.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

from domain.calendar import months_after
from domain.formatting import DEFAULT_LOCALE, format_day
from domain.languages import gettext, translated
from schemas.base import FrozenModel
from schemas.enums import Side
from schemas.forms.agreement import AGREEMENT, CLAUSES, EVERY_MONTHS, MOST_GOALS, OWN_DATES, SHARED
from schemas.forms.catalog import Question
from schemas.mentorship.state import Agreed
from schemas.mentorship.terms import Rhythm, TimelineSettings

QUARTER_MONTHS = 3
# Between two meetings of a quarterly rhythm there may be a holiday.
QUARTER_GRACE = timedelta(days=14)


class AgreementDifference(FrozenModel):
    """One question to which two versions say different things; empty where one says nothing."""

    question: Question
    before: str
    after: str


def initial_contents(goals: Iterable[str], timeline: TimelineSettings) -> dict[str, str]:
    """Return what both start from: the mentee's goals at intake, at most five, and the cohort's rhythm (A29).

    A rhythm of the cohort that pairs cannot choose is left open.
    """
    offered = {str(choice.value) for choice in EVERY_MONTHS}
    rhythm = {"meetings": timeline.meetings_every_months, "goal_updates": timeline.goal_check_in_every_months}
    named = [goal.strip() for goal in goals if goal.strip()][:MOST_GOALS]
    return {f"goal_{number}": goal for number, goal in enumerate(named, start=1)} | {
        name: str(months) for name, months in rhythm.items() if str(months) in offered
    }


def apply_answers(contents: Mapping[str, str], side: Side, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the contents after one side filled in the form: what that side may not write stays as it is.

    What only staff may read is left out (A34), and goals close up where one was taken out.
    """
    writable = {question.name for question in AGREEMENT.for_side(side) if question in SHARED}
    others = {name: words for name, words in contents.items() if name not in writable}
    return _closed_up(others | {name: words for name, words in answers.items() if name in writable})


def goals_of(contents: Mapping[str, str]) -> tuple[str, ...]:
    """Return the goals in the mentee's own words, in order."""
    return tuple(contents[name] for name in _goal_names() if name in contents)


def agreed_of(contents: Mapping[str, str]) -> Agreed:
    """Return what the workflow needs of contents that both agreed to; raises KeyError where a rhythm is missing."""
    return Agreed(
        meetings=_rhythm(contents["meetings"], _dates(contents)),
        goal_updates=_rhythm(contents["goal_updates"]),
        goals=len(goals_of(contents)),
    )


def agreement_problems(
    contents: Mapping[str, str], starts_on: date, ends_on: date, locale: str = DEFAULT_LOCALE
) -> dict[str, str]:
    """Return by question name what must be done before both can agree to contents; empty where nothing is missing.

    The last of the mentorship's days is ``ends_on``. Drafts may be saved without all that.
    """
    return {
        **_goals_missing(contents),
        **_rhythm_missing(contents),
        **_dates_wrong(contents, starts_on, ends_on, locale),
        **_notice_missing(contents, ends_on),
        **{
            clause.name: gettext("Please check this box. It is part of every agreement.")
            for clause in CLAUSES
            if clause.name not in contents
        },
    }


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[AgreementDifference, ...]:
    """Return the questions to which two versions say different things, in the form's order."""
    return tuple(
        AgreementDifference(
            question=translated(question), before=before.get(question.name, ""), after=after.get(question.name, "")
        )
        for question in SHARED
        if before.get(question.name) != after.get(question.name)
    )


def merge_contents(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Merge two changed versions of ``base``: my answer wherever I changed one, theirs everywhere else."""
    names = (question.name for question in SHARED)
    chosen = {name: (mine if mine.get(name) != base.get(name) else theirs).get(name) for name in names}
    return {name: words for name, words in chosen.items() if words is not None}


def _goal_names() -> list[str]:
    return [f"goal_{number}" for number in range(1, MOST_GOALS + 1)]


def _closed_up(contents: Mapping[str, str]) -> dict[str, str]:
    goals = [(contents[name], contents.get(f"{name}_area")) for name in _goal_names() if name in contents]
    closed = {name: words for name, words in contents.items() if not name.startswith("goal_") or name == "goal_updates"}
    for name, (goal, area) in zip(_goal_names(), goals, strict=False):
        closed[name] = goal
        if area:
            closed[f"{name}_area"] = area
    return closed


def _dates(contents: Mapping[str, str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in contents.get("meeting_dates", "").split(",") if day)


def _rhythm(choice: str, dates: tuple[date, ...] = ()) -> Rhythm:
    return Rhythm(on=dates) if choice == OWN_DATES else Rhythm(every_months=int(choice))


def _goals_missing(contents: Mapping[str, str]) -> dict[str, str]:
    return {} if goals_of(contents) else {"goal_1": gettext("An agreement needs a goal. The mentee writes it.")}


def _rhythm_missing(contents: Mapping[str, str]) -> dict[str, str]:
    return {name: gettext("Choose how often.") for name in ("meetings", "goal_updates") if name not in contents}


def _dates_wrong(contents: Mapping[str, str], starts_on: date, ends_on: date, locale: str) -> dict[str, str]:
    if contents.get("meetings") != OWN_DATES:
        return {}
    dates = _dates(contents)
    if not dates:
        return {"meeting_dates": gettext("Please enter the days you want to meet.")}
    outside = [day for day in dates if not starts_on <= day <= ends_on]
    if outside:
        day, first, last = (format_day(day, locale) for day in (outside[0], starts_on, ends_on))
        problem = gettext(
            "%(day)s is not within your mentorship, which lasts from %(first)s to %(last)s.",
            day=day,
            first=first,
            last=last,
        )
        return {"meeting_dates": problem}
    return {}


def _notice_missing(contents: Mapping[str, str], ends_on: date) -> dict[str, str]:
    """Below quarterly is allowed, but never by accident (A28)."""
    seldom = _seldom(_dates(contents), ends_on) if contents.get("meetings") == OWN_DATES else False
    for name in ("meetings", "goal_updates"):
        seldom |= contents.get(name, "").isdigit() and int(contents[name]) > QUARTER_MONTHS
    if not seldom or "below_quarterly" in contents:
        return {}
    return {"below_quarterly": gettext("You chose less often than every three months. Check this box if you are sure.")}


def _seldom(dates: tuple[date, ...], ends_on: date) -> bool:
    days = sorted({*dates, ends_on})
    return any(later > months_after(earlier, QUARTER_MONTHS) + QUARTER_GRACE for earlier, later in pairwise(days))
