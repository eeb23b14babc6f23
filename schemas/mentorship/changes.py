"""Changes that staff request of a running mentorship: each is an update of its workflow, and can be previewed."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from schemas.base import TemporalModel
from schemas.enums import ChangeKind, EndingReason, Outcome, Side
from schemas.mentorship.terms import Rhythm


class ChangeRequest(TemporalModel):
    """What staff request; ``decision`` is the id of their decision, by which the same one is never made twice."""

    decision: str = ""


class PauseRequest(ChangeRequest):
    """Stop the clock from ``from_on`` until ``until_on``, the day on which it goes on by itself."""

    kind: Literal[ChangeKind.PAUSE] = ChangeKind.PAUSE
    from_on: date
    until_on: date


class ResumeRequest(ChangeRequest):
    """Let the clock go on tomorrow, before the pause is over."""

    kind: Literal[ChangeKind.RESUME] = ChangeKind.RESUME


class ExtendRequest(ChangeRequest):
    """Put off the end by whole months."""

    kind: Literal[ChangeKind.EXTEND] = ChangeKind.EXTEND
    months: int = Field(ge=1, le=24)


class CadenceRequest(ChangeRequest):
    """Change how often the pair meets or goals are reported on; what is not given stays as it is."""

    kind: Literal[ChangeKind.CADENCE] = ChangeKind.CADENCE
    meetings: Rhythm | None = None
    goal_updates: Rhythm | None = None


class EndRequest(ChangeRequest):
    """End the mentorship today, before its time."""

    kind: Literal[ChangeKind.END] = ChangeKind.END
    outcome: Outcome
    reason: EndingReason


class ReplaceRequest(ChangeRequest):
    """Let another mentor of the cohort take over, by id; this mentorship ends as one its mentor withdrew from."""

    kind: Literal[ChangeKind.REPLACE] = ChangeKind.REPLACE
    mentor: str
    reason: EndingReason = EndingReason.CIRCUMSTANCES


Change = Annotated[
    PauseRequest | ResumeRequest | ExtendRequest | CadenceRequest | EndRequest, Field(discriminator="kind")
]


class ResendRequest(ChangeRequest):
    """Email one side again: what still waits for their answer, or else the last email that asked for nothing."""

    kind: Literal[ChangeKind.RESEND] = ChangeKind.RESEND
    side: Side


class ResolveRequest(ChangeRequest):
    """Note that staff took care of calls, addresses and unrecognized messages."""

    kind: Literal[ChangeKind.RESOLVE] = ChangeKind.RESOLVE


StaffChange = Change | ReplaceRequest | ResendRequest | ResolveRequest


class StaffDecision(TemporalModel):
    """A change as staff decided it: when, by the program's clock, and what. Ids, dates and enumerations only."""

    at: AwareDatetime
    change: Annotated[StaffChange, Field(discriminator="kind")]

    @property
    def id(self) -> str:
        """Return the id under which PostgreSQL and the workflow know it."""
        return self.change.decision


class WhatIfRequest(TemporalModel):
    """Ask what a change would do; nothing is changed."""

    change: Annotated[Change | ReplaceRequest | ResendRequest, Field(discriminator="kind")]


class ChangeResult(TemporalModel):
    """The result of a change: the mentorship's end, and the mentorship that takes over where there is one.

    ``decided_at`` is the moment as of which it was made.
    """

    ends_on: date
    successor: str | None = None
    decided_at: AwareDatetime | None = None
