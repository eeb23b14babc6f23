"""Files that staff download."""

from urllib.parse import quote

from starlette.responses import Response


def file_response(content: bytes, name: str, media_type: str = "text/csv") -> Response:
    """Return a file that browsers save instead of showing it."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
