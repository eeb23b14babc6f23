"""What a step of staff would do, computed without doing it."""

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.enums import EmailKind


class PreviewedEmail(FrozenModel):
    """An email that a step would cause.

    ``to`` is a person's id or a recipient such as ``staff``; ``at`` is None where it would leave at once.
    """

    to: str
    kind: EmailKind
    at: AwareDatetime | None = None


class Preview(FrozenModel):
    """What a step would change, who would be written to and when, and whether there is a way back.

    ``changes`` are sentences; there are none where a step would change nothing. ``way_back`` says how the step can be
    undone, and is None where it cannot.
    """

    changes: tuple[str, ...] = ()
    emails: tuple[PreviewedEmail, ...] = ()
    way_back: str | None = None


class StepResult(FrozenModel):
    """The result of a step of staff; of a dry run, ``done`` is false and ``preview`` is there."""

    done: bool
    preview: Preview | None = None
