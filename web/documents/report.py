"""The closing report as a page: what mentors, participants and the association gained (promise B6)."""

from collections.abc import Iterable, Mapping
from datetime import date

from domain.calendar import months_after
from domain.formatting import format_day
from domain.report.parts import part_of
from domain.report.people import GROUP_NAMES, REGIONS
from domain.report.scales import END, START
from domain.report.suppression import MIN_CELL_SIZE
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind
from schemas.report.figures import ChoiceFigure, ItemFigure, Report, ReportPart
from web.documents.files import document


def report_page(report: Report, settings: CohortSettings) -> str:
    """Return a cohort's report as one HTML page that needs nothing but itself; an interim one says so on each sheet."""
    return document("report.html", settings, **report_words(report, settings))


def report_words(report: Report, settings: CohortSettings) -> Mapping[str, object]:
    """Return what report_figures.html needs to know, for whichever page includes it."""
    asked = {(figure.form, point.number) for figure in report.courses for point in figure.points}
    asked |= {(figure.form, figure.number) for figure in report.choices}
    return {
        "report": report,
        "interim": interim_words(report, settings.locale),
        "items": {part.value: _items_of(report, part) for part in ReportPart},
        "group_names": GROUP_NAMES,
        "regions": REGIONS,
        "forms": {form for form, _ in asked},
        "moments": {(form, number): _moment(form, number, settings) for form, number in asked},
        "choices": _by_question(report.choices),
        "window_ends": {window.number: _end_of_window(window.number, settings) for window in report.windows},
        "ends_on": months_after(settings.kickoff, settings.timeline.months),
        "smallest_cell": MIN_CELL_SIZE,
    }


def interim_words(report: Report, locale: str) -> str:
    """Say of an interim report what it is, of which day, and how many mentorships still run; nothing of a final one."""
    if report.interim_on is None:
        return ""
    day = format_day(report.interim_on, locale)
    running = report.outcomes.get("running") or 0
    return f"Interim report of {day}: {running} {'mentorship still runs' if running == 1 else 'mentorships still run'}"


def _items_of(report: Report, part: ReportPart) -> list[ItemFigure]:
    survey = MilestoneKind.CLOSURE_SURVEY
    return [item for item in report.items if part_of(survey, item.question, item.side) is part]


def _moment(form: MilestoneKind, number: int, settings: CohortSettings) -> str:
    """Say which of the times it was asked a figure is about; nothing where all of them are counted together."""
    if form is MilestoneKind.SELF_ASSESSMENT:
        return {START: "At the start", END: "At the end"}.get(number, "Half-way")
    if form is MilestoneKind.CHECK_IN:
        return f"Check-in {number}"
    after = settings.timeline.follow_up_after_months
    return f"{after[number - 1]} months later" if 0 < number <= len(after) else ""


def _by_question(choices: Iterable[ChoiceFigure]) -> dict[tuple[MilestoneKind, str], list[ChoiceFigure]]:
    """Put side by side what different sides answered at different times to the same question."""
    together: dict[tuple[MilestoneKind, str], list[ChoiceFigure]] = {}
    for figure in choices:
        together.setdefault((figure.form, figure.question), []).append(figure)
    return together


def _end_of_window(number: int, settings: CohortSettings) -> date:
    return months_after(settings.kickoff, number * settings.timeline.check_in_every_months)
