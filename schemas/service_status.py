"""How the service stands at a moment: numbers and ids, as ``mile status`` shows them and metrics carry them."""

from datetime import datetime

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.emails.messages import SenderStatus
from schemas.enums import EmailState


class EmailsInState(FrozenModel):
    """The emails in one state; ``since`` is when the one that waits longest could have left, or was enqueued."""

    state: EmailState
    emails: int
    since: AwareDatetime | None = None


class BackupStatus(FrozenModel):
    """When the first backup began, and when the newest one was finished, if any was."""

    began_at: AwareDatetime
    finished_at: AwareDatetime | None

    @property
    def newest_at(self) -> datetime:
        """Return up to when there are backups; where none was ever finished, since when there should be one."""
        return self.finished_at or self.began_at


class StoredStatus(FrozenModel):
    """What PostgreSQL says; mentorships are those that run. Without a ``backup`` nothing makes any."""

    emails: tuple[EmailsInState, ...]
    stuck_emails: int
    sender: SenderStatus | None
    responses: int
    unsignaled_responses: int
    unsignaled_since: AwareDatetime | None
    mentorships: int
    silent_mentorships: int
    mentorships_with_concerns: int
    backup: BackupStatus | None


class NamedWorkflows(FrozenModel):
    """How many workflows there are of a kind, with the ids of the first few."""

    workflows: int = 0
    ids: tuple[str, ...] = ()


class ScheduleStatus(FrozenModel):
    """One of Temporal's Schedules; ``last_run_at`` is when it was created where it never ran."""

    id: str
    exists: bool
    paused: bool = False
    last_run_at: AwareDatetime | None = None
    late: bool = False


class EngineStatus(FrozenModel):
    """What Temporal says: who polls, whose steps fail, whose next moment passed long ago, and the Schedules."""

    workers: int
    stuck: NamedWorkflows
    overdue: NamedWorkflows
    schedules: tuple[ScheduleStatus, ...]


class ServiceStatus(FrozenModel):
    """How the service stands; a part is None where its server does not answer."""

    at: AwareDatetime
    stored: StoredStatus | None
    engine: EngineStatus | None
