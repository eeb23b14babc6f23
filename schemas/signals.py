"""The envelope of every signal."""

from pydantic import Field, JsonValue

from schemas.base import TemporalModel


class Envelope(TemporalModel):
    """What a signal carries: lenient outside and parsed strictly inside, so that the engine drops nothing unseen."""

    body: dict[str, JsonValue] = Field(default_factory=dict)
