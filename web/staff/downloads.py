"""Files that staff download from the console."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response


def download(name: str, content: bytes, media_type: str) -> Response:
    """Return a file under a name of plain letters, which browsers save instead of showing it."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def csv_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """Return rows as CSV in UTF-8, with the byte order mark that Excel needs."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return download(name, text.getvalue().encode("utf-8-sig"), "text/csv")
