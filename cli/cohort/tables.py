"""A cohort as tables for a terminal."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.table import Table

from cli.cohort.failures import UNKNOWN_FAILURE, failure_sentence
from cli.common.tables import facts_table, table_of
from domain.calendar import months_after
from domain.labels import label
from domain.mentorship.concern_words import short_concerns
from schemas.cohort.folder import CohortFolder
from schemas.cohort.overview import CohortDetails, MatchRunDetails, MentorshipOverview
from schemas.enums import CohortStage, Phase

Names = Mapping[str, str]


def settings_table(cohort: CohortFolder) -> Table:
    """Show the contents of a folder before they are saved."""
    settings = cohort.settings
    return facts_table(
        f"{settings.id}: {settings.title}",
        {
            "Kickoff": str(settings.kickoff_day),
            "End": str(months_after(settings.kickoff_day, settings.timeline.months)),
            "Where": f"{settings.institute.venue}, {settings.institute.town} ({settings.time_zone})",
            "Contact": f"{settings.contact.role}, {settings.contact.email}",
            "Mentors": f"{len(cohort.mentors)}, with places for {sum(mentor.capacity for mentor in cohort.mentors)}",
            "Mentees": str(len(cohort.mentees)),
        },
    )


def cohort_table(cohort: CohortDetails) -> Table:
    """Show a cohort's stage, dates and counts."""
    due = cohort.next_due_at
    at = f"{due.astimezone(ZoneInfo(cohort.time_zone)):%Y-%m-%d %H:%M}" if due else None
    return facts_table(
        f"{cohort.id}: {cohort.title}",
        {
            "Stage": _stage(cohort),
            "Next": ", ".join(filter(None, (at, _next_step(cohort)))) or "–",
            **_failure(cohort),
            "Kickoff": str(cohort.kickoff_on),
            "End": str(cohort.ends_on),
            "Mentors": str(cohort.mentors),
            "Mentees": str(cohort.mentees),
            **_mentorships(cohort),
            **_soft_bounced(cohort),
        },
    )


def _stage(cohort: CohortDetails) -> str:
    if cohort.archived:
        return "archived"
    return cohort.stage or f"no workflow; start one: mile cohort create DIR, with the folder of {cohort.id}"


def _failure(cohort: CohortDetails) -> dict[str, str]:
    if cohort.workflow_answered is False:
        return {"Failing": UNKNOWN_FAILURE}
    return {"Failing": failure_sentence(cohort.failing_activity, cohort.time_zone)} if cohort.failing_activity else {}


def _mentorships(cohort: CohortDetails) -> dict[str, str]:
    if not cohort.mentorships:
        return {}
    starts, counts = cohort.starts, cohort.counts
    waiting = f", {starts.held_back} not yet: mile cohort start {cohort.id}" if starts.held_back else ""
    concerns = [f"{count} {short_concerns((reason,))}" for reason, count in counts.concerns.items()]
    return {
        "Started": f"{starts.started} of {starts.planned}{waiting}",
        "Phases": ", ".join(f"{counts.phases[phase]} {phase}" for phase in Phase if phase in counts.phases),
        "Need staff": ", ".join(concerns) or "nobody",
    }


def _soft_bounced(cohort: CohortDetails) -> dict[str, str]:
    people = [f"{_person(one.person, cohort.names)} ({one.bounces}: {one.failure})" for one in cohort.soft_bounced]
    return {"Addresses failing": ", ".join(people)} if people else {}


def match_table(matches: MatchRunDetails, names: Names, started: Collection[tuple[str, str]] = ()) -> Table:
    """Show the pairs of a match run, and under them who has no mentor and why.

    Pairs that are ``together`` in a mentorship already, as (mentor, mentee), are left to the mentorships' own list.
    """
    title = "Published pairs" if matches.published else f"Draft of match run {matches.run}"
    table = table_of(f"{title} without a mentorship" if started else title, "mentor", "mentee", "score")
    for pair in (pair for pair in matches.pairs if (pair.mentor, pair.mentee) not in started):
        table.add_row(_person(pair.mentor, names), _person(pair.mentee, names), f"{pair.score / 100:.0f}")
    for unplaced in matches.unplaced:
        table.add_row("–", _person(unplaced.mentee, names), unplaced.why)
    return table


def draft_lines(cohort: CohortDetails) -> Iterator[str]:
    """Yield what the newest draft changes in the published pairs, and how to propose it."""
    if not cohort.draft:
        return
    run = cohort.draft.run
    yield f"Match run {run} is a draft. We have not told anyone. It changes:"
    for change in cohort.draft.changes:
        mentors = " -> ".join(_person(id_, cohort.names) if id_ else "nobody" for id_ in (change.before, change.after))
        yield f"  {_person(change.mentee, cohort.names)}: {mentors}"
    yield f"To propose the changes to these people: mile cohort publish {cohort.id} --run {run}"


def mentorship_table(mentorships: Sequence[MentorshipOverview], names: Names) -> Table:
    """Show a line for each mentorship."""
    table = table_of("Mentorships", "mentorship", "mentor", "mentee", "phase", "quarter", "outcome", "concerns")
    for mentorship in mentorships:
        table.add_row(
            mentorship.id,
            _person(mentorship.mentor, names),
            _person(mentorship.mentee, names),
            mentorship.phase,
            str(mentorship.quarter),
            label(mentorship.outcome or "running"),
            short_concerns(mentorship.concerns),
        )
    return table


def _next_step(cohort: CohortDetails) -> str:
    if cohort.stage is CohortStage.STARTING:
        return f"staff: mile cohort attendance {cohort.id}, then mile cohort start {cohort.id}"
    if cohort.stage is not CohortStage.MATCHING or cohort.next_due_at:
        return ""
    step = f"publish {cohort.id} --run {cohort.match_run.run}" if cohort.match_run else f"match {cohort.id}"
    return f"staff: mile cohort {step}"


def _person(id_: str, names: Names) -> str:
    return f"{id_} {names.get(id_, '')}".strip()
