"""What staff recommend to read, watch or try: links by what a goal is about."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from schemas.base import InputModel
from schemas.cohort.settings import CONTROLS, Line

# What a goal can be about in an agreement: a test compares it with the form.
ResourceArea = Literal["goal_setting", "networking", "leadership", "career", "development", "other"]
# People open these from their own page, whose address must not be sent on in the clear.
SecureWebAddress = Annotated[
    str, StringConstraints(max_length=500, pattern=rf"^https://[^\s<>\"'`{{}}|\\^@{CONTROLS}]+$")
]


class NewResource(InputModel):
    """A link as staff write it; ``about`` is one sentence that says what it is good for."""

    area: ResourceArea
    title: Line
    url: SecureWebAddress
    about: Line


class Resource(NewResource):
    """A stored link, with the number by which staff remove it."""

    id: int
