"""The window in which people apply to a cohort: opened today, extended to a day, closed at once (A7)."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.applications.window import window_state
from domain.applications.window_changes import close_window, extend_window, open_window
from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.enums import WindowState
from schemas.preview import Preview, StepResult
from services.cohort_workflows import check_running, reschedule
from services.context import ServiceContext
from services.email_forecast import forecast_emails
from storage import cohorts
from storage.database import Connection, transaction


class WindowAction(StrEnum):
    """What staff do to an application window."""

    OPEN = "open"
    EXTEND = "extend"
    CLOSE = "close"


class WindowChange(FrozenModel):
    """A change of an application window; ``until`` is the last day on which people may apply once it is extended."""

    action: WindowAction
    until: date | None = None

    def apply(self, settings: CohortSettings, now: datetime) -> CohortSettings:
        """Return the settings with the window changed; raises Refusal where the rules do not allow it."""
        if self.until is not None:
            return extend_window(settings, self.until, now)
        return (open_window if self.action is WindowAction.OPEN else close_window)(settings, now)


class WindowResult(StepResult):
    """The window after a step, or as it would be; ``changed`` are the keys of [applications] that differ now."""

    cohort: str
    changed: tuple[str, ...]
    state: WindowState
    opens_on: date
    closes_on: date
    closed_at: datetime | None
    time_zone: str = Field(exclude=True)

    def describe(self) -> str:
        """Say from when until when applications are taken."""
        closed_at = self.closed_at and self.closed_at.astimezone(ZoneInfo(self.time_zone))
        until = f"{closed_at:%Y-%m-%d %H:%M}" if closed_at else f"the end of {self.closes_on}"
        if closed_at and "closed_at" in self.changed and not self.done:
            # A preview stays the same while somebody reads it.
            until = "now"
        state = self.state.replace("_", " ")
        verb = "are" if self.done else "would be"
        return f"Applications to {self.cohort} {verb} taken from {self.opens_on} until {until} ({state})."


_AUDITED = {
    WindowAction.OPEN: "window_opened",
    WindowAction.EXTEND: "window_extended",
    WindowAction.CLOSE: "window_closed",
}
_WAYS_BACK = {
    WindowAction.OPEN: "close the window; whoever applied meanwhile stays",
    WindowAction.EXTEND: "close the window; whoever applied meanwhile stays",
    WindowAction.CLOSE: "extend the window",
}


async def preview_change(context: ServiceContext, cohort: str, change: WindowChange) -> WindowResult:
    """Return the window as it would be after a change; raises as ``change_window`` does."""
    settings, now = await cohorts.cohort_settings(context.pool, cohort), context.now(cohort)
    await check_running(context, cohort)
    result = _result(settings, change.apply(settings, now), now, done=False)
    if not result.changed:
        return result.model_copy(update={"preview": Preview()})

    async def step(db: Connection, state: CohortState, now: datetime) -> CohortState:
        await cohorts.change_settings(db, cohort, change.apply, lambda: now)
        return state

    emails = await forecast_emails(context, cohort, step, ahead=True, without_worker=True)
    preview = emails.preview(result.describe(), way_back=_WAYS_BACK[change.action])
    return result.model_copy(update={"preview": preview})


async def change_window(
    context: ServiceContext, actor: Actor, cohort: str, change: WindowChange, *, note: str | None = None
) -> WindowResult:
    """Change the application window of a cohort, and let its workflow follow.

    Raises UnknownCohort, or Refusal where the cohort is over or the window cannot be changed so.
    """
    await cohorts.cohort_settings(context.pool, cohort)
    await check_running(context, cohort)
    async with transaction(context.pool) as db:
        before, after = await cohorts.change_settings(db, cohort, change.apply, lambda: context.now(cohort))
        result = _result(before, after, context.now(cohort), done=True)
        if result.changed:
            values = result.model_dump(mode="json", include=set(result.changed))
            await context.audit_in(db, actor, _AUDITED[change.action], cohort, note=note, **values)
    # Only after the commit: the workflow reads the settings again (decision 13).
    await reschedule(context, cohort)
    return result


def _result(before: CohortSettings, after: CohortSettings, now: datetime, *, done: bool) -> WindowResult:
    keys = ("opens_on", "closes_on", "closed_at")
    before_window, after_window = before.applications, after.applications
    return WindowResult(
        cohort=after.id,
        done=done,
        changed=tuple(key for key in keys if getattr(before_window, key) != getattr(after_window, key)),
        state=window_state(after, now),
        time_zone=after.time_zone,
        **{key: getattr(after_window, key) for key in keys},
    )
