"""Files that staff upload: the only forms with another encoding than our own, on routes of their own."""

import re
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from schemas.errors import Refusal

_NOT_READ = "We could not read this file. Please choose it again."


@dataclass(frozen=True)
class Upload:
    """What somebody uploaded: the words of the form, and the files that were chosen, by field."""

    words: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


async def read_upload(request: Request) -> Upload:
    """Return the files of a form; raises Refusal where it is torn or has more than it asks for."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return Upload()
    try:
        form = await MultiPartParser(
            request.headers, request.stream(), max_files=4, max_fields=20, max_part_size=10_000
        ).parse()
    except (MultiPartException, UnicodeDecodeError, LookupError):
        raise Refusal(_NOT_READ) from None
    words, files = {}, {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            if content and value.filename:
                files[name] = (_base_name(value.filename), content)
        else:
            words[name] = value
    await form.close()
    return Upload(words, files)


def upload_text(upload: tuple[str, bytes]) -> str:
    """Return the text of a file; raises Refusal where it is none."""
    try:
        return upload[1].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("This is not a text file, or it was not saved as UTF-8.") from None


def _base_name(name: str) -> str:
    """Return a file's name without folders, in characters that every list can show."""
    return "".join(char for char in re.split(r"[/\\]", name)[-1] if char.isprintable())[:100] or "file"
