"""The program's clock: the wall's, except in a rehearsal, where every mentorship and cohort has its own."""

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
    """The time everybody lives in."""

    def now(self, scope_id: str) -> datetime:
        """Return the wall's time, whatever the scope."""
        return datetime.now(UTC)


class RehearsalClock:
    """The moments a rehearsal has played to; a scope it does not play lives in wall time."""

    def __init__(self) -> None:
        self._moments: dict[str, datetime] = {}

    def set(self, scope_id: str, moment: datetime) -> None:
        """Move one mentorship or cohort to this moment (aware)."""
        self._moments[scope_id] = moment.astimezone(UTC)

    def now(self, scope_id: str) -> datetime:
        """Return the moment last set for this scope, or the wall's time."""
        return self._moments.get(scope_id) or datetime.now(UTC)

    def write(self, file: Path) -> None:
        """Keep the moments in a file, so that pages served later show the rehearsed time."""
        file.write_text(json.dumps({scope: moment.isoformat() for scope, moment in self._moments.items()}))

    @classmethod
    def read(cls, file: Path) -> "RehearsalClock":
        """Return the clock that was kept in this file."""
        clock = cls()
        for scope, moment in json.loads(file.read_text()).items():
            clock.set(scope, datetime.fromisoformat(moment))
        return clock


def clock(file: Path | None) -> Clock:
    """Return the clock an installation lives by: the rehearsed moments where there is such a file, else the wall's."""
    return RehearsalClock.read(file) if file and file.is_file() else WallClock()
