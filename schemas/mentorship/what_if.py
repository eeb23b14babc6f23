"""What a change would do to the emails to come, before it is made."""

from datetime import date

from pydantic import AwareDatetime

from schemas.base import FrozenModel, TemporalModel
from schemas.enums import EmailKind, Recipient
from schemas.mentorship.state import Ask, Forecast


class MovedEmail(TemporalModel):
    """An email that would go out on another day."""

    email: Forecast
    before: AwareDatetime


class ChangedEmail(FrozenModel):
    """An email to come that a release changes; ``before`` and ``after`` are None where it does not leave."""

    to: Recipient
    kind: EmailKind
    asks: tuple[Ask, ...]
    before: AwareDatetime | None
    after: AwareDatetime | None


class WhatIf(TemporalModel):
    """What a change would do to the emails to come, and to the mentorship's end.

    Where another mentor would take over, their mentorship's emails are among those added. What is due by ``now`` leaves
    at once.
    """

    ends_on_before: date
    ends_on: date
    now: AwareDatetime | None = None
    added: tuple[Forecast, ...] = ()
    moved: tuple[MovedEmail, ...] = ()
    dropped: tuple[Forecast, ...] = ()
