"""What staff ask of a match run, and what workflows and activities are told of it."""

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
    """Ask to make a match run the cohort's own; ``waived`` says that staff let broken rules pass, with a note."""

    cohort_id: str
    run: int
    waived: bool = False
    now: AwareDatetime


class MatchSummary(TemporalModel):
    """What matching a cohort comes to."""

    pairs: int
    unplaced: int
    worst: int
    total: int
    valid: bool


class MatchRunSummary(MatchSummary):
    """What a match run came to; the pairs themselves are in PostgreSQL under ``run``."""

    run: int
