"""Until when links in emails open anything."""

from datetime import date

from domain.calendar import months_after
from schemas.cohort.settings import CohortSettings

# Long enough to come back for a certificate, and no mailbox that is lost years later opens anything.
MONTHS_AFTER_LAST_MILESTONE = 12


def milestone_links_end_on(last_milestone_on: date) -> date:
    """Return the last day (local) of the links of a mentorship."""
    return months_after(last_milestone_on, MONTHS_AFTER_LAST_MILESTONE)


def personal_links_end_on(cohort: CohortSettings) -> date:
    """Return the last day (local) of the links to people's own pages in a cohort, by its last milestone as planned."""
    months = cohort.timeline.months + max(cohort.timeline.follow_up_after_months, default=0)
    return months_after(cohort.kickoff_day, months + MONTHS_AFTER_LAST_MILESTONE)
