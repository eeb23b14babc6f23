"""What a change would do to the emails to come, before it is made."""

from datetime import date

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.mentorship.state import Forecast


class MovedEmail(TemporalModel):
    """An email that would go out on another day."""

    email: Forecast
    before: AwareDatetime


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
