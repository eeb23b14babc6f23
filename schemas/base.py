"""The three kinds of model: what people write, what rooms pass to each other, what Temporal stores."""

from pydantic import BaseModel, ConfigDict


class InputModel(BaseModel):
    """Something that a person wrote, which is stored as it was read.

    In a file an unknown key is a mistake, and whoever reads one refuses it (domain/input_files/toml.py). In what was
    stored it is of a newer release, and is kept: a release can be taken back, and loses nothing.
    """

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)


class FrozenModel(BaseModel):
    """Something that one room passes to another: made once, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TemporalModel(BaseModel):
    """Something in Temporal's history: read by older and newer versions of the code alike.

    New fields need defaults, and no field is ever renamed or removed, because a mentorship lasts for several releases.
    Fields that a newer release added are kept, and written again with the rest.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
