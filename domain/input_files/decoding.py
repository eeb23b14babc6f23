"""Decode the bytes of a file to text, whatever program saved it."""

from schemas.errors import BadInput, Problem

_UTF_16 = "is saved as UTF-16; save it again as UTF-8 (in Excel: “CSV UTF-8”)"
_WORKBOOK = "is a workbook or a packed file, not text; open it and save it as “CSV UTF-8”"
_FOREIGN_STARTS = {
    b"\xff\xfe": _UTF_16,
    b"\xfe\xff": _UTF_16,
    b"PK\x03\x04": _WORKBOOK,
    b"\xd0\xcf\x11\xe0": _WORKBOOK,
}


def decode(file_name: str, content: bytes) -> str:
    r"""Return a file's text with every line end as ``\n`` and no byte order mark.

    What is not UTF-8 is read as Windows-1252, which Latin-1 files are for all printable letters.

    Raises:
        BadInput: the file is empty, UTF-16, a workbook, or holds NUL bytes.
    """
    for start, message in _FOREIGN_STARTS.items():
        if content.startswith(start):
            raise BadInput([Problem(file_name, message)])
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise BadInput([Problem(file_name, "holds NUL bytes, so it is not a text file; save it again as UTF-8", row)])
    if not text.strip():
        raise BadInput([Problem(file_name, "is empty; check that the right file was saved")])
    return text


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; Latin-1 keeps them as control characters, which are refused by cell.
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            return content.decode("latin-1")
