"""When staff may start mentorships (A3)."""

from schemas.enums import CohortStage


def not_startable_because(stage: CohortStage) -> str | None:
    """Return why staff cannot start mentorships yet, or None once kickoff day has come."""
    return None if stage.started else "The mentorships can start on kickoff day and not before."
