"""What staff recommend to everybody: openings in the association, and chances to learn (A16, A40)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from schemas.base import InputModel
from schemas.cohort.settings import CONTROLS, Line
from schemas.enums import OpportunityKind

OpportunityArea = Literal["involvement", "chance"]
# An address people can open from an email: http or https, and nothing that would end it early.
WebAddress = Annotated[str, StringConstraints(max_length=500, pattern=rf"^https?://[^\s<>\"'`{{}}|\\^@{CONTROLS}]+$")]


class NewOpportunity(InputModel):
    """An opportunity as staff write it; it is shown up to and including ``closes_on``.

    ``involvement`` is an opening in the association, ``chance`` anything else: a course, a talk, a scholarship. Emails
    list it to those who want its ``kind``.
    """

    area: OpportunityArea
    kind: OpportunityKind = OpportunityKind.OTHER
    title: Line
    url: WebAddress | None = None
    closes_on: date


class Opportunity(NewOpportunity):
    """A stored opportunity, with the number by which staff remove it."""

    id: int


class ListedOpportunity(Opportunity):
    """An opportunity as staff list it, with how many people took it up."""

    taken_up: int
