"""The moments that a cohort's workflow waits for, by its settings."""

from datetime import timedelta

from domain.calendar import end_of_day, first_business_morning, months_after, morning, weekly_mornings
from schemas.cohort.messages import CohortDates
from schemas.cohort.settings import CohortSettings

START_LEAD_TIME = timedelta(hours=1)


def cohort_dates(settings: CohortSettings) -> CohortDates:
    """Return when a cohort's mentorships start, when staff get their digests, and when its report is written (UTC)."""
    zone, timeline = settings.time_zone, settings.timeline
    ends_on = months_after(settings.kickoff_day, timeline.months)
    last_survey = ends_on + timedelta(days=max(timeline.closure_survey.closes, 0))
    last_asked = months_after(ends_on, max(timeline.follow_up_after_months, default=0))
    reports_at = first_business_morning(end_of_day(last_survey, zone), zone)
    followed_up_at = first_business_morning(
        end_of_day(last_asked + timedelta(days=timeline.follow_up.closes), zone), zone
    )
    kickoff_at = morning(settings.kickoff_day, zone) - START_LEAD_TIME
    next_morning = first_business_morning(end_of_day(settings.kickoff_day, zone), zone)
    return CohortDates(
        kickoff_at=kickoff_at,
        starts_by=next_morning if settings.kickoff.confirm_attendance else kickoff_at,
        reports_at=reports_at,
        followed_up_at=max(followed_up_at, reports_at),
        digests_at=tuple(weekly_mornings(settings.kickoff_day, zone, until=reports_at)),
    )
