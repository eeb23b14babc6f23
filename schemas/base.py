"""The three kinds of model: what people write, what rooms pass to each other, what Temporal stores."""

from pydantic import BaseModel, ConfigDict


class InputModel(BaseModel):
    """Something that a person wrote: an unknown key is a mistake and is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FrozenModel(BaseModel):
    """Something that one room passes to another: made once, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TemporalModel(BaseModel):
    """Something in Temporal's history: read by older and newer versions of the code alike.

    New fields need defaults, and no field is ever renamed or removed, because a mentorship lasts for several releases.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
