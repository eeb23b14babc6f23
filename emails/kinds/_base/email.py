"""What every email knows."""

from datetime import date
from typing import Any, ClassVar, TypeAlias

from domain.safe_text import SafeLine
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind

Details: TypeAlias = dict[str, Any]
# What a mentee told at intake, as (heading, lines).
Told: TypeAlias = tuple[tuple[str, tuple[SafeLine, ...]], ...]


class EmailContext(FrozenModel):
    """What an email needs to know before it can be written.

    ``written_on`` is the local day it is written on: dates that it makes clear stand without their year.
    """

    kind: ClassVar[EmailKind]

    cohort: CohortSettings
    written_on: date | None = None
