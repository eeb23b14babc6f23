"""When people may apply to a cohort, submit, and change their application afterwards (A7, B2)."""

from datetime import date, datetime, timedelta

from domain.calendar import local_day
from schemas.applications.applicant import Applicant
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side, WindowState


def window_state(settings: CohortSettings, now: datetime) -> WindowState:
    """Return what the public page says about applying at a moment (aware); from the kickoff on nobody waits."""
    window, closes_at = settings.applications, settings.applications_close_at
    if window is None or closes_at is None or _begun(settings, now):
        return WindowState.CLOSED
    if now < closes_at:
        opened = local_day(now, settings.time_zone) >= window.opens_on
        return WindowState.OPEN if opened else WindowState.NOT_YET_OPEN
    return WindowState.WAITING_LIST if window.waiting_list else WindowState.CLOSED


def last_application_day(settings: CohortSettings) -> date | None:
    """Return the last day (local) on which applications are in time, or None where nobody applies."""
    closes_at = settings.applications_close_at
    return local_day(closes_at - timedelta(microseconds=1), settings.time_zone) if closes_at else None


def can_begin(settings: CohortSettings, now: datetime) -> bool:
    """Tell whether somebody new may begin an application at a moment (aware)."""
    return window_state(settings, now) in {WindowState.OPEN, WindowState.WAITING_LIST}


def is_in_time(settings: CohortSettings, began_at: datetime, now: datetime) -> bool:
    """Tell whether an application begun at a moment is in time now; who began before the close has grace."""
    window, closes_at = settings.applications, settings.applications_close_at
    if window is None or closes_at is None:
        return False
    grace = timedelta(minutes=window.grace_minutes if began_at < closes_at else 0)
    return now < closes_at + grace


def can_change(applicant: Applicant, now: datetime) -> bool:
    """Tell whether somebody may still change and submit their application at a moment (aware).

    What a mentor offers is settled when the matches are published; a participant's goals may be completed until the
    kickoff (A35). Who withdrew before the publication, or waits, may still come; nobody changes anything once the
    mentorships begin, or what staff closed.
    """
    if applicant.closed or _begun(applicant.cohort, now):
        return False
    if not applicant.published or applicant.status in {None, ApplicationStatus.WAITING}:
        return True
    return applicant.side is Side.MENTEE and applicant.status is not ApplicationStatus.WITHDRAWN


def can_withdraw(applicant: Applicant, now: datetime) -> bool:
    """Tell whether somebody may withdraw without staff at a moment (aware): not once a published match needs them."""
    if applicant.status in {None, ApplicationStatus.WITHDRAWN} or _begun(applicant.cohort, now):
        return False
    return not applicant.published or applicant.status is not ApplicationStatus.ACCEPTED


def _begun(settings: CohortSettings, now: datetime) -> bool:
    return local_day(now, settings.time_zone) >= settings.kickoff_day
