"""What a class says itself in a kind of email."""

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.enums import EmailKind


class EmailWording(FrozenModel):
    """One version of a class's own passages of a kind of email, by name; without any it is the program's own wording.

    It is a draft until it is used; of the versions of a kind the one counts whose ``used_since`` is the last.
    """

    id: int
    cohort_id: str
    kind: EmailKind
    passages: dict[str, str]
    written_by: str
    saved_at: AwareDatetime
    used_since: AwareDatetime | None
