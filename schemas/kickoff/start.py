"""How far the start of a cohort's mentorships has come."""

from schemas.base import FrozenModel, TemporalModel


class StartResult(TemporalModel):
    """The result of a start: how many mentorships there are, and how many published pairs have to wait."""

    count: int
    held_back: int = 0


class StartProgress(FrozenModel):
    """How many mentorships were started, how many pairs may start and have not, and how many have to wait."""

    started: int = 0
    waiting: int = 0
    held_back: int = 0

    @property
    def planned(self) -> int:
        """Return how many there will be when everybody who may start has."""
        return self.started + self.waiting


class PendingStart(FrozenModel):
    """A mentorship that is stored and not started, with how many goals its mentee named."""

    id: str
    goals: int
