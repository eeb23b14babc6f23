"""What the workflow of a cohort's letters remembers and is told; the letters themselves are in PostgreSQL."""

from pydantic import AwareDatetime

from schemas.base import TemporalModel


class ApplicantEmailsState(TemporalModel):
    """All that the workflow of a cohort's letters remembers."""

    cohort_id: str


class SendPendingEmails(TemporalModel):
    """Ask for a cohort's waiting letters to be sent; ``now`` is the engine's time, by which letters rest."""

    cohort_id: str
    now: AwareDatetime


class PendingEmailsResult(TemporalModel):
    """What became of the letters that waited; ``next_at`` is when one that rests is tried again."""

    sent: int = 0
    next_at: AwareDatetime | None = None
