"""The envelope of every signal."""

from pydantic import Field, JsonValue

from schemas.base import TemporalModel


class Envelope(TemporalModel):
    """The argument of every signal: lenient outside and parsed strictly inside.

    Temporal logs and drops a signal whose argument it cannot decode, so every argument must decode.
    """

    body: dict[str, JsonValue] = Field(default_factory=dict)
