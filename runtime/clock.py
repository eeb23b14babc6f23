"""The program's clock: real time, except in a rehearsal, where every mentorship and cohort has its own time."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the time of a mentorship or cohort."""

    def now(self, scope_id: str) -> datetime:
        """Return the present moment of this mentorship or cohort, aware and in UTC."""
        ...


class WallClock:
    """Real time."""

    def now(self, scope_id: str) -> datetime:
        """Return the real time, whatever the scope."""
        return datetime.now(UTC)


class RehearsalClock:
    """The simulated time of each mentorship and cohort of a rehearsal; any other scope has real time."""

    def __init__(self) -> None:
        self._moments: dict[str, datetime] = {}

    def set(self, scope_id: str, moment: datetime) -> None:
        """Move one mentorship or cohort to this moment (aware)."""
        self._moments[scope_id] = moment.astimezone(UTC)

    def now(self, scope_id: str) -> datetime:
        """Return the moment last set for this scope, or real time."""
        return self._moments.get(scope_id) or datetime.now(UTC)

    def write(self, file: Path) -> None:
        """Write the moments to a file, so that pages served later show the simulated time."""
        file.write_text(json.dumps({scope: moment.isoformat() for scope, moment in self._moments.items()}))

    @classmethod
    def read(cls, file: Path) -> "RehearsalClock":
        """Return the clock that ``write`` saved in this file."""
        clock = cls()
        for scope, moment in json.loads(file.read_text()).items():
            clock.set(scope, datetime.fromisoformat(moment))
        return clock


def clock(file: Path | None) -> Clock:
    """Return the clock of an installation: the simulated times where there is such a file, else real time."""
    return RehearsalClock.read(file) if file and file.is_file() else WallClock()
