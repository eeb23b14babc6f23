"""How a command ends: what went wrong as a sentence on standard error, and an exit status others can rely on."""

import contextlib
import sys
from collections.abc import Iterator

from schemas.errors import MileError, Refusal

FAILED = 1
REFUSED = 2
INTERRUPTED = 130


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
        _say(str(error))
        sys.exit(REFUSED if isinstance(error, Refusal) else FAILED)
    except Exception as error:
        if debug:
            raise
        _say(f"Something unexpected went wrong ({type(error).__name__}). Run the command again with --debug.")
        sys.exit(FAILED)


def _say(message: str) -> None:
    print(message, file=sys.stderr)
