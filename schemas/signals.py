"""The envelope of every signal."""

from collections.abc import Iterable

from pydantic import Field, JsonValue

from schemas.base import TemporalModel
from schemas.mentorship.state import Answer


class Envelope(TemporalModel):
    """The argument of every signal: lenient outside and parsed strictly inside.

    Temporal logs and drops a signal whose argument it cannot decode, so every argument must decode.
    """

    body: dict[str, JsonValue] = Field(default_factory=dict)


def answers_envelope(answers: Iterable[Answer]) -> Envelope:
    """Return the envelope that tells a mentorship what one of the two answered."""
    return Envelope(body={"answers": [answer.model_dump(mode="json") for answer in answers]})
