"""How a cohort and its report look on a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.table import Table

from cli.cohort_overview import CohortShown, MatchRunShown, MentorshipShown
from cli.concerns import in_short
from domain.calendar import months_after
from schemas.folders import CohortFolder
from schemas.report import Report
from schemas.words import CohortStage

Names = Mapping[str, str]


def settings_table(cohort: CohortFolder) -> Table:
    """Show what a folder holds before it is saved."""
    settings = cohort.settings
    return _facts(
        f"{settings.id}: {settings.title}",
        {
            "Kickoff": str(settings.kickoff),
            "End": str(months_after(settings.kickoff, settings.timeline.months)),
            "Where": f"{settings.institute.venue}, {settings.institute.town} ({settings.time_zone})",
            "Contact": f"{settings.contact.role}, {settings.contact.email}",
            "Mentors": f"{len(cohort.mentors)}, with places for {sum(mentor.capacity for mentor in cohort.mentors)}",
            "Participants": str(len(cohort.participants)),
        },
    )


def cohort_table(shown: CohortShown) -> Table:
    """Show where a cohort stands."""
    due = shown.next_due_at
    return _facts(
        f"{shown.id}: {shown.title}",
        {
            "Stage": shown.stage or f"no workflow; start one: mile cohort create DIR, with the folder of {shown.id}",
            "Next": f"{due.astimezone(ZoneInfo(shown.time_zone)):%Y-%m-%d %H:%M}" if due else _waits_for(shown),
            "Kickoff": str(shown.kickoff_on),
            "End": str(shown.ends_on),
            "Mentors": str(shown.mentors),
            "Participants": str(shown.participants),
        },
    )


def match_table(matches: MatchRunShown, names: Names) -> Table:
    """Show the pairs of a match run, and under them who has no mentor and why."""
    title = "Published pairs" if matches.published else f"Draft of match run {matches.run}"
    table = _table(title, "mentor", "mentee", "score")
    for pair in matches.pairs:
        table.add_row(_person(pair.mentor, names), _person(pair.participant, names), f"{pair.score / 100:.0f}")
    for one in matches.unplaced:
        table.add_row("–", _person(one.participant, names), one.why)
    return table


def mentorship_table(mentorships: Sequence[MentorshipShown], names: Names) -> Table:
    """Show a line for each mentorship."""
    table = _table("Mentorships", "mentorship", "mentor", "mentee", "phase", "quarter", "outcome", "concerns")
    for one in mentorships:
        table.add_row(
            one.id,
            _person(one.mentor, names),
            _person(one.mentee, names),
            one.phase,
            str(one.quarter),
            one.outcome or "running",
            in_short(one.concerns),
        )
    return table


def report_tables(report: Report) -> Iterator[Table]:
    """Show the figures of a closing report: how it ended, the windows, who answered, what they said."""
    outcomes = {outcome: str(count) for outcome, count in report.outcomes.items()}
    yield _facts(f"{report.cohort_id}: {report.mentorships} mentorships", outcomes)
    windows = _table("Check-ins", "number", "mentorships", "met", "planned", "not yet", "unanswered")
    for window in report.windows:
        windows.add_row(*(str(getattr(window, name)) for name in type(window).model_fields))
    yield windows
    rates = _table("Who answered", "form", "side", "asked", "answered")
    for rate in report.rates:
        rates.add_row(rate.form, rate.side, str(rate.asked), str(rate.answered))
    yield rates
    items = _table("Closure survey, 1 to 5", "question", "side", "answered", "mean")
    for item in report.items:
        mean = "too few to show" if item.mean is None else f"{item.mean:.2f}"
        items.add_row(item.label, item.side, str(item.answered), mean)
    yield items


def _waits_for(shown: CohortShown) -> str:
    if shown.stage is not CohortStage.MATCHING:
        return "–"
    step = f"publish {shown.id} --run {shown.match_run.run}" if shown.match_run else f"match {shown.id}"
    return f"staff: mile cohort {step}"


def _person(id_: str, names: Names) -> str:
    return f"{id_} {names.get(id_, '')}".strip()


def _facts(title: str, facts: Mapping[str, str]) -> Table:
    table = Table(title=title, title_justify="left", min_width=len(title), show_header=False, box=None, pad_edge=False)
    for name, value in facts.items():
        table.add_row(name, value)
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading)
    return table
