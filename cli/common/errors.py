"""How a command ends: what went wrong as a sentence on standard error, and an exit status others can rely on."""

import contextlib
import sys
import unicodedata
from collections.abc import Iterator

from schemas.errors import MileError, Refusal

FAILED = 1
REFUSED = 2
INTERRUPTED = 130
# Bidirectional controls (UAX #9), which can make a line read as another one.
_BIDIRECTIONAL = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


@contextlib.contextmanager
def explained(*, debug: bool = False) -> Iterator[None]:
    """Turn an error into its sentence and an exit status: 2 for bad input, 1 for a failure, 130 for Ctrl-C.

    With ``debug`` every error keeps its traceback.
    """
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except MileError as error:
        if debug:
            raise
        _print(" ".join(filter(None, (str(error), error.shell_advice))))
        sys.exit(REFUSED if isinstance(error, Refusal) else FAILED)
    except Exception as error:
        if debug:
            raise
        _print(_file_error(error) or _unexpected(error))
        sys.exit(FAILED)


def _file_error(error: Exception) -> str | None:
    if not isinstance(error, OSError) or not error.filename:
        return None
    return f"{error.filename} cannot be used ({error.strerror}). Check the place, its permissions and the room left."


def _unexpected(error: Exception) -> str:
    return f"Something unexpected went wrong ({type(error).__name__}). Run the command again with --debug."


def _print(message: str) -> None:
    print("".join(map(_escaped, message)), file=sys.stderr)


def _escaped(char: str) -> str:
    """Escape control characters, which could command the terminal: messages quote files that anybody may write."""
    commands = unicodedata.category(char) == "Cc" or unicodedata.bidirectional(char) in _BIDIRECTIONAL
    return ascii(char)[1:-1] if commands and char != "\n" else char
