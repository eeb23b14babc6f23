"""From a cohort's settings to what one of its mentorships is agreed to be."""

from schemas.cohort.settings import CohortSettings
from schemas.mentorship.terms import Terms


def initial_terms(settings: CohortSettings, mentorship_id: str, *, goals: int = 1) -> Terms:
    """Return the terms of a cohort's mentorship; ``goals`` is how many goals the mentee named."""
    return Terms(
        mentorship_id=mentorship_id,
        cohort_id=settings.id,
        kickoff_on=settings.kickoff_day,
        time_zone=settings.time_zone,
        timeline=settings.timeline,
        goals=goals,
    )
