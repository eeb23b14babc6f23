"""Requests of staff for a match run, and its messages between workflows and activities."""

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.cohort.settings import Objective


class MatchRequest(TemporalModel):
    """What staff want of a match run: pairs fixed or ruled out as (mentor, mentee) ids, another objective.

    ``close_to`` is an earlier run of which as many pairs are kept as placing the most people allows.
    """

    pins: tuple[tuple[str, str], ...] = ()
    forbid: tuple[tuple[str, str], ...] = ()
    objective: Objective | None = None
    close_to: int | None = None


class MatchCall(TemporalModel):
    """Ask an activity to match a cohort."""

    cohort_id: str
    now: AwareDatetime
    request: MatchRequest = MatchRequest()


class PublishCall(TemporalModel):
    """Ask to publish a match run; ``waived`` says that staff accepted broken rules, with a note."""

    cohort_id: str
    run: int
    waived: bool = False
    now: AwareDatetime


class MatchSummary(TemporalModel):
    """The figures of a matching."""

    pairs: int
    unplaced: int
    worst: int
    total: int
    valid: bool


class MatchRunSummary(MatchSummary):
    """The figures of a match run; the pairs themselves are in PostgreSQL under ``run``."""

    run: int
