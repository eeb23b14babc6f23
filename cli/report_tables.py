"""The tables of ``mile cohort report``: the closing report's figures, as its page shows them."""

from collections.abc import Iterator

from rich.table import Table

from cli.tables import facts_table, table_of
from schemas.report import Report

TOO_FEW = "too few to show"


def report_tables(report: Report) -> Iterator[Table]:
    """Show the figures of a closing report: how it ended, the windows, who answered, what they said."""
    outcomes = {outcome: str(count) for outcome, count in report.outcomes.items()}
    yield facts_table(f"{report.cohort_id}: {report.mentorships} mentorships", outcomes)
    if agreed := report.agreement:
        yield facts_table(
            "Agreements",
            {
                "Pairs with one": f"{agreed.agreed} of {agreed.mentorships}",
                "In time": str(agreed.in_time),
                "Days until it stood (median)": _mean(agreed.median_days),
            },
        )
    yield _windows(report)
    yield _rates(report)
    yield _items(report)
    yield _courses(report)
    yield _sums(report)
    yield _choices(report)


def _windows(report: Report) -> Table:
    windows = table_of("Check-ins", "number", "mentorships", "met", "planned", "not yet", "unanswered")
    for window in report.windows:
        windows.add_row(*(str(getattr(window, name)) for name in type(window).model_fields))
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
    for one in report.sums:
        sums.add_row(one.label, str(one.answered), _count(one.with_some), _count(one.total))
    return sums


def _choices(report: Report) -> Table:
    choices = table_of("What was chosen", "form", "question", "side", "answered", "answer", "how often")
    for one in report.choices:
        form = f"{one.form}-{one.number}" if one.number else one.form
        for choice in one.choices:
            choices.add_row(form, one.label, one.side or "pair", str(one.answered), choice.label, _count(choice.count))
    return choices


def _mean(figure: float | None) -> str:
    return TOO_FEW if figure is None else f"{figure:.2f}"


def _count(figure: int | None) -> str:
    return TOO_FEW if figure is None else str(figure)
