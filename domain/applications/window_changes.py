"""How staff change the application window: open it today, extend it to a day, close it at once (A7)."""

from datetime import date, datetime

from domain.applications.window import window_state
from domain.calendar import local_day
from schemas.cohort.settings import ApplicationWindow, CohortSettings
from schemas.enums import WindowState
from schemas.errors import Refusal


def open_window(settings: CohortSettings, now: datetime) -> CohortSettings:
    """Return the settings with the window open from today on; one that is open stays as it is.

    Raises Refusal where nobody can apply here, or the window has closed already.
    """
    window, today = _window(settings, now), local_day(now, settings.time_zone)
    if _has_closed(settings, now):
        raise Refusal(
            f"Applications to {settings.id} have closed. To open them again, extend the window until a later day."
        )
    if window_state(settings, now) is WindowState.OPEN:
        return settings
    return _with(settings, window.model_copy(update={"opens_on": today}))


def extend_window(settings: CohortSettings, until: date, now: datetime) -> CohortSettings:
    """Return the settings with the window open through a day, also where it has closed; the same day changes nothing.

    Raises Refusal where nobody can apply here, or the day is none on which the window could close.
    """
    window = _window(settings, now)
    if why := _why_not_until(settings, window, until, now):
        raise Refusal(f"Applications to {settings.id} cannot be taken until {until}: {why}")
    return _with(settings, window.model_copy(update={"closes_on": until, "closed_at": None}))


def close_window(settings: CohortSettings, now: datetime) -> CohortSettings:
    """Return the settings with the window closed at this moment; one that has closed stays as it is.

    Raises Refusal where nobody can apply here, or the window has not opened yet.
    """
    window = _window(settings, now)
    if _has_closed(settings, now):
        return settings
    if window_state(settings, now) is WindowState.NOT_YET_OPEN:
        raise Refusal(
            f"Applications to {settings.id} open on {window.opens_on}, so there is nothing to close. To let them open "
            "later, change applications.opens_on in its settings."
        )
    return _with(settings, window.model_copy(update={"closed_at": now}))


def _window(settings: CohortSettings, now: datetime) -> ApplicationWindow:
    if settings.applications is None:
        raise Refusal(
            f"Nobody applies to {settings.id} by themselves. To let people apply, add opens_on and closes_on under "
            "applications to its settings."
        )
    if local_day(now, settings.time_zone) >= settings.kickoff_day:
        raise Refusal(
            f"The mentorships of {settings.id} began on {settings.kickoff_day}, so no one can apply any more."
        )
    return settings.applications


def _has_closed(settings: CohortSettings, now: datetime) -> bool:
    closes_at = settings.applications_close_at
    return closes_at is not None and closes_at <= now


def _why_not_until(settings: CohortSettings, window: ApplicationWindow, until: date, now: datetime) -> str | None:
    if until >= settings.kickoff_day:
        return f"the kickoff is on {settings.kickoff_day}; name a day before it."
    if until < local_day(now, settings.time_zone):
        return "that day is past; name today or a day to come."
    if until < window.opens_on:
        return f"they open on {window.opens_on} only; name a day after that."
    if until < window.closes_on and not window.closed_at:
        return (
            f"they are open until {window.closes_on} anyway. To close them now, close the window. To close them on an "
            "earlier day, change applications.closes_on in its settings."
        )
    return None


def _with(settings: CohortSettings, window: ApplicationWindow) -> CohortSettings:
    return settings.model_copy(update={"applications": window})
