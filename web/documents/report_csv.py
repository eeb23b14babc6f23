"""A report's figures for spreadsheets: as CSV, and as a workbook with numbers that are numbers."""

import csv
import io

from domain.report.rows import figure_rows
from schemas.report.figures import FigureRow, Report
from web.documents.workbook import workbook


def figures_csv(report: Report) -> bytes:
    """Return a report's figures as CSV in UTF-8, with the byte order mark that Excel needs; one figure a row."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(FigureRow.model_fields))
    table.writeheader()
    for row in figure_rows(report):
        shown = row.model_dump(mode="json")
        table.writerow({**shown, "value": _number(row.value), "withheld": "yes" if row.withheld else "no"})
    return text.getvalue().encode("utf-8-sig")


def figures_workbook(report: Report) -> bytes:
    """Return a report's figures as a workbook (.xlsx), one figure a row; a withheld one has an empty cell."""
    rows = (
        (row.part.value, row.promise, row.question, row.group, row.n, row.value, "yes" if row.withheld else "no")
        for row in figure_rows(report)
    )
    return workbook("Figures", [tuple(FigureRow.model_fields), *rows])


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
