"""``mile cohort report``: what a cohort gained, on the terminal, as a page, on paper and for spreadsheets."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.tables import print_table
from cli.report.tables import report_tables
from schemas.errors import NoReportYet, Refusal
from schemas.report.figures import Report, ReportPart
from services.context import ServiceContext
from services.reports import CohortReport, closing_report, interim_report, pooled_report
from web.documents.report import report_page, report_pdf
from web.documents.report_csv import figures_csv
from web.documents.report_document import interim_notice
from web.documents.report_sentences import gains


def report_command(
    cohorts: Annotated[list[str], typer.Argument(metavar="ID...", help="The cohort, or several to report together.")],
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write it as a PDF.")] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write its figures for spreadsheets, one a row.")
    ] = None,
    interim: Annotated[
        bool, typer.Option("--interim", help="Report on what there is now, before the cohort ends.")
    ] = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Print a cohort's closing report or an interim report, or write it to a file."""
    if interim and len(cohorts) > 1:
        raise Refusal("An interim report is of one class. Leave out --interim, or name one class.")
    result = call_service(folder, lambda context: _report(context, cohorts, interim=interim))
    report, settings = result.report, result.settings
    if html:
        _write(html, report_page(report, settings).encode())
    if pdf:
        _write(pdf, report_pdf(report, settings))
    if csv_file:
        _write(csv_file, figures_csv(report))
    if as_json:
        print_json(report)
    elif not (html or pdf or csv_file):
        _print(report, settings.locale)


async def _report(context: ServiceContext, cohorts: Sequence[str], *, interim: bool) -> CohortReport:
    if len(cohorts) > 1:
        return await pooled_report(context, staff_actor(), cohorts)
    try:
        return await (interim_report if interim else closing_report)(context, cohorts[0])
    except NoReportYet as error:
        raise Refusal(f"{error} See it with: mile cohort report {cohorts[0]} --interim") from None


def _print(report: Report, locale: str) -> None:
    console = Console(highlight=False, markup=False)
    if report.interim_on:
        console.print(interim_notice(report, locale))
    for part in (ReportPart.MENTORS, ReportPart.PARTICIPANTS, ReportPart.ASSOCIATION):
        for sentence in gains(report, part):
            console.print(sentence)
    for table in report_tables(report):
        print_table(table, console)
    for quote in report.quotes:
        console.print(f"“{quote}”")


def _write(file: Path, contents: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents)
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}. Choose another file.") from error
    print(f"Written: {file}", file=sys.stderr)
