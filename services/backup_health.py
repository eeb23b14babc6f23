"""Whether backups are made: a check of doctor that looks into the tables."""

from datetime import UTC, datetime, timedelta

from runtime.health_finding import HealthFinding
from runtime.settings import Settings
from storage.database import DATABASE_ERRORS, open_pool
from storage.service_status import backup_status

# They are made once a day; one takes minutes.
MADE_WITHIN = timedelta(hours=26)
_ADVICE = "Look at the log of whatever makes them: docker compose logs backup, or journalctl -u mile-backup"


async def check_backups(settings: Settings) -> list[HealthFinding]:
    """Check that the newest backup is of the last day, where any was ever begun: what makes them notes that itself."""
    try:
        async with open_pool(settings.database_url.get_secret_value(), size=1) as pool:
            status = await backup_status(pool)
    except DATABASE_ERRORS:
        return [
            HealthFinding(
                "Backups", False, "not checked: no tables", "Start PostgreSQL, and bring its tables up to date"
            )
        ]
    if status is None:
        return [HealthFinding("Backups", True, "none was ever begun")]
    finished = status.finished_at
    found = f"the newest was finished {finished:%Y-%m-%d %H:%M} UTC" if finished else "none was ever finished"
    is_recent = datetime.now(UTC) - status.newest_at <= MADE_WITHIN
    return [HealthFinding("Backups", is_recent, found, _ADVICE)]
