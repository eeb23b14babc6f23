"""Files that staff download from the console."""

from collections.abc import Iterable, Sequence

from starlette.responses import Response

from domain.applications.csv.writing import write_rows


def download(name: str, content: bytes, media_type: str = "text/csv") -> Response:
    """Return a file under a name of plain letters, which browsers save instead of showing it."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def csv_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """Return rows, the header first, as a CSV file in which a spreadsheet calculates nothing."""
    header, *lines = rows
    return download(name, write_rows(header, lines, excel=True))
