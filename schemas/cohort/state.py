"""A cohort as Temporal carries it from one run to the next. Ids, dates and enumerations only."""

from datetime import timedelta

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.cohort.campaigns import Campaign, CohortPlan
from schemas.cohort.messages import FailingActivity
from schemas.enums import CohortStage
from schemas.mentorship.state import EmailRequest


class DeferredEmail(TemporalModel):
    """A note to staff whose mailbox takes nothing now, and since when it is tried."""

    note: EmailRequest
    since: AwareDatetime


class CohortState(TemporalModel):
    """All a cohort remembers; the one argument of its workflow, carried over from run to run.

    ``plan`` is what lies ahead of it as it was drawn up last; once the mentorships have started its dates stand.
    ``published_at`` are the moments of its publications, ``rounds_held`` the names of the rounds that are done with,
    ``place`` is a fingerprint of where and when the kickoff is, ``move`` the round by which people are being told that
    it moved. ``answers`` counts how often something was said about proposals, ``answers_seen_to`` how many of these
    have been seen to; ``digests_sent`` counts the weeks that are done with, ``put_off`` are the notes staff still lack.
    """

    cohort_id: str
    clock_offset: timedelta = timedelta(0)
    stage: CohortStage = CohortStage.IMPORTING
    plan: CohortPlan | None = None
    match_run: int | None = None
    published_run: int | None = None
    published_at: tuple[AwareDatetime, ...] = ()
    rounds_held: tuple[str, ...] = ()
    place: str = ""
    move: Campaign | None = None
    answers: int = 0
    answers_seen_to: int = 0
    mentorships: int = 0
    digests_sent: int = 0
    put_off: tuple[DeferredEmail, ...] = ()
    refused: FailingActivity | None = None
