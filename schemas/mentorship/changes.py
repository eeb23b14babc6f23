"""Changes that staff request of a running mentorship: each is an update of its workflow, and can be previewed."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from schemas.base import TemporalModel
from schemas.enums import ChangeKind, EndingReason, Outcome, Side
from schemas.mentorship.state import Forecast
from schemas.mentorship.terms import Rhythm


class PauseRequest(TemporalModel):
    """Stop the clock from ``from_on`` until ``until_on``, the day on which it goes on by itself."""

    kind: Literal[ChangeKind.PAUSE] = ChangeKind.PAUSE
    from_on: date
    until_on: date


class ResumeRequest(TemporalModel):
    """Let the clock go on tomorrow, before the pause is over."""

    kind: Literal[ChangeKind.RESUME] = ChangeKind.RESUME


class ExtendRequest(TemporalModel):
    """Put off the end by whole months."""

    kind: Literal[ChangeKind.EXTEND] = ChangeKind.EXTEND
    months: int = Field(ge=1, le=24)


class CadenceRequest(TemporalModel):
    """Change how often the pair meets or goals are reported on; what is not given stays as it is."""

    kind: Literal[ChangeKind.CADENCE] = ChangeKind.CADENCE
    meetings: Rhythm | None = None
    goal_updates: Rhythm | None = None


class EndRequest(TemporalModel):
    """End the mentorship today, before its time."""

    kind: Literal[ChangeKind.END] = ChangeKind.END
    outcome: Outcome
    reason: EndingReason


class ReplaceRequest(TemporalModel):
    """Let another mentor of the cohort take over, by id; this mentorship ends as one its mentor withdrew from."""

    kind: Literal[ChangeKind.REPLACE] = ChangeKind.REPLACE
    mentor: str
    reason: EndingReason = EndingReason.CIRCUMSTANCES


Change = Annotated[
    PauseRequest | ResumeRequest | ExtendRequest | CadenceRequest | EndRequest, Field(discriminator="kind")
]


class ResendRequest(TemporalModel):
    """Email one side again: what still waits for their answer, or else the last email that asked for nothing."""

    kind: Literal[ChangeKind.RESEND] = ChangeKind.RESEND
    side: Side


class WhatIfRequest(TemporalModel):
    """Ask what a change would do; nothing is changed."""

    change: Annotated[Change | ReplaceRequest | ResendRequest, Field(discriminator="kind")]


class ChangeResult(TemporalModel):
    """The result of a change: the mentorship's end, and the mentorship that takes over where there is one."""

    ends_on: date
    successor: str | None = None


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
