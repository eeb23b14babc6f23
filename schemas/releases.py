"""What operators see of releases: versions of the worker, what runs on them, and what new code would change."""

from enum import StrEnum

from schemas.base import FrozenModel
from schemas.mentorship.what_if import ChangedEmail
from schemas.preview import StepResult


class VersionState(StrEnum):
    """What Temporal does with a version of the worker."""

    # Its worker has polled; nothing goes to it.
    INACTIVE = "inactive"
    # New runs go to it, and those that continue as new.
    CURRENT = "current"
    # A share of what would go to the current version goes to it.
    RAMPING = "ramping"
    # Nothing goes to it any more; workflows still run on it.
    DRAINING = "draining"
    # Nothing runs on it any more.
    DRAINED = "drained"


class RunCounts(FrozenModel):
    """How many workflows run: mentorships, cohorts, and those of the service itself."""

    mentorships: int = 0
    cohorts: int = 0
    others: int = 0

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.mentorships + self.cohorts + self.others


class WorkerVersion(FrozenModel):
    """A version of the worker by its build; ``percent`` is what goes to it while it ramps, ``pollers`` its workers.

    ``can_stop`` says that its worker may be stopped: nothing goes to it and nothing runs on it.
    """

    build: str
    state: VersionState
    percent: float = 0
    pollers: int
    runs: RunCounts
    can_stop: bool


class ReleaseStatus(FrozenModel):
    """The versions of a deployment, the newest first; none where the service runs without versions.

    ``unversioned`` are the workflows that run on a worker without a version, and ``unversioned_pollers`` such workers.
    """

    deployment: str
    versions: tuple[WorkerVersion, ...] = ()
    unversioned: RunCounts = RunCounts()
    unversioned_pollers: int = 0

    @property
    def current(self) -> WorkerVersion | None:
        """Return the version that new runs go to."""
        return next((one for one in self.versions if one.state is VersionState.CURRENT), None)

    def version(self, build: str) -> WorkerVersion | None:
        """Return the version of a build, if a worker of it has ever polled."""
        return next((one for one in self.versions if one.build == build), None)


class ReleaseStep(StepResult):
    """The result of a step of a release: which build it was about, and how many workflows it moved to it."""

    build: str | None
    moved: int = 0
    seconds: float = 0


class ReplayProblem(FrozenModel):
    """A workflow whose history new code does not replay; ``build`` is what it runs on, None without versions."""

    workflow: str
    build: str | None
    cause: str


class MentorshipChanges(FrozenModel):
    """The emails to come of a mentorship that new code would change."""

    mentorship: str
    emails: tuple[ChangedEmail, ...]


class ReleaseCheck(FrozenModel):
    """What new code would do to a service that runs.

    ``replayed`` histories were replayed, ``compared`` mentorships asked for their plan; ``not_asked`` could not be.
    ``versioned`` says whether the service runs with versions: then a history that does not replay stays on its own.
    """

    ok: bool
    versioned: bool
    replayed: int
    compared: int
    changes: tuple[MentorshipChanges, ...]
    not_replayed: tuple[ReplayProblem, ...]
    not_asked: tuple[str, ...]
    advice: tuple[str, ...]
