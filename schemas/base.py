"""The three kinds of model: what people write, what rooms hand each other, what lives on in Temporal."""

from pydantic import BaseModel, ConfigDict


class InputModel(BaseModel):
    """Something a person wrote: an unknown key is a mistake and is said so."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FrozenModel(BaseModel):
    """Something one room hands another: made once, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TemporalModel(BaseModel):
    """Something kept in Temporal's history: read by older and newer versions alike.

    New fields need defaults, and no field is ever renamed or removed, because a mentorship outlives releases.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
