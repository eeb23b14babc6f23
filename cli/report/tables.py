"""The tables of ``mile cohort report``: the closing report's figures, as its page shows them."""

from collections.abc import Iterator

from rich.table import Table

from cli.common.tables import facts_table, table_of
from domain.report.people import GROUP_NAMES
from domain.report.rows import ENDINGS, merged_counts
from schemas.report.figures import Report

TOO_FEW = "too few to show"


def report_tables(report: Report) -> Iterator[Table]:
    """Show the figures of a report: how it ended, the windows, who answered, what they said, who took part."""
    outcomes = {ENDINGS.get(outcome, outcome): _count(count) for outcome, count in report.outcomes.items()}
    mentorships = "1 mentorship" if report.mentorships == 1 else f"{report.mentorships} mentorships"
    yield facts_table(f"{report.cohort_id}: {mentorships}", outcomes)
    if agreed := report.agreement:
        yield facts_table(
            "Agreements",
            {
                "Pairs with one": f"{agreed.agreed} of {agreed.mentorships}",
                "In time": str(agreed.in_time),
                "Days until agreed (median)": _mean(agreed.median_days),
            },
        )
    yield _windows(report)
    yield _rates(report)
    yield _items(report)
    yield _courses(report)
    yield _sums(report)
    yield _choices(report)
    yield _people(report)
    yield _groups(report)
    yield _applications(report)


def _windows(report: Report) -> Table:
    windows = table_of("Check-ins", "number", "mentorships", "status", "how many")
    for window in report.windows:
        counts = {status: getattr(window, status) for status in ("met", "planned", "not_yet", "unanswered")}
        for status, count in merged_counts(counts, window.together):
            windows.add_row(str(window.number), str(window.mentorships), status.replace("_", " "), _count(count))
    return windows


def _rates(report: Report) -> Table:
    rates = table_of("Who answered", "form", "side", "asked", "answered")
    for rate in report.rates:
        rates.add_row(rate.form, rate.side, str(rate.asked), str(rate.answered))
    return rates


def _items(report: Report) -> Table:
    items = table_of("Closure survey, 1 to 5", "question", "side", "answered", "mean")
    for item in report.items:
        items.add_row(item.label, item.side, str(item.answered), _mean(item.mean))
    return items


def _courses(report: Report) -> Table:
    courses = table_of("Over time, 1 to 5", "form", "question", "side", "time", "answered", "mean")
    for course in report.courses:
        for point in course.points:
            row = (course.form, course.label, course.side, str(point.number), str(point.answered), _mean(point.mean))
            courses.add_row(*row)
    return courses


def _sums(report: Report) -> Table:
    sums = table_of("Counted by pairs", "question", "pairs that answered", "pairs with any", "in all")
    for figure in report.sums:
        sums.add_row(figure.label, str(figure.answered), _count(figure.with_some), _count(figure.total))
    return sums


def _choices(report: Report) -> Table:
    choices = table_of("What was chosen", "form", "question", "side", "answered", "answer", "how often")
    for figure in report.choices:
        form = f"{figure.form}-{figure.number}" if figure.number else figure.form
        counts = {choice.label: choice.count for choice in figure.choices}
        for label, count in merged_counts(counts, figure.together):
            choices.add_row(form, figure.label, figure.side or "pair", str(figure.answered), label, _count(count))
    return choices


def _people(report: Report) -> Table:
    people = table_of("Who took part", "by", "counted", "which", "how many")
    for figure in report.people:
        counts = {choice.label: choice.count for choice in figure.choices}
        for label, count in merged_counts(counts, figure.together):
            people.add_row(figure.label, str(figure.counted), label, _count(count))
    if report.people:
        people.add_row("Parts of the state with participants", "", "all", _count(report.covered))
    return people


def _groups(report: Report) -> Table:
    groups = table_of("Closure survey by role group, 1 to 5", "question", "group", "answered", "mean")
    for figure in report.groups:
        mean = "" if figure.answered == 0 else _mean(figure.mean)
        name = GROUP_NAMES[figure.group] if figure.group else "Those too few to show, together"
        groups.add_row(figure.label, name, _count(figure.answered), mean)
    return groups


def _applications(report: Report) -> Table:
    table = table_of("Applications and openings", "side", "status", "how many")
    for figure in report.applications:
        table.add_row(figure.side, "all of them", str(figure.applied))
        table.add_row(figure.side, "accepted", str(figure.accepted))
        for status, count in merged_counts(figure.statuses, figure.together):
            table.add_row(figure.side, status, _count(count))
        if figure.places is not None:
            table.add_row(figure.side, "places to give", str(figure.places))
    if openings := report.openings:
        table.add_row("", "openings recommended", str(openings.recommended))
        table.add_row("", "people who took one up", _count(openings.took_up))
    if report.applications:
        table.add_row("", "questions before applying", _count(report.inquiries))
    return table


def _mean(figure: float | None) -> str:
    return TOO_FEW if figure is None else f"{figure:.2f}"


def _count(figure: int | None) -> str:
    return TOO_FEW if figure is None else str(figure)
