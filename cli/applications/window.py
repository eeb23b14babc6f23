"""``mile cohort open|extend|close``: staff's hand on the window in which people apply (A7)."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import Field

from cli.cohort.options import NOTHING_WAS_DONE, CohortId, DryRun, Note, with_cohort
from cli.cohort.reschedule import check_alive, reschedule
from cli.common.dates import day
from cli.common.servers import HERE, AsJson, Folder, print_json, staff_actor
from domain.applications.window import window_state
from domain.applications.window_changes import close_window, extend_window, open_window
from runtime.clock import clock
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import WindowState
from services.context import ServiceContext
from storage import cohorts

Change = Callable[[CohortSettings, datetime], CohortSettings]

window_app = typer.Typer()


class WindowShown(FrozenModel):
    """The window after a step, or as it would be; ``changed`` are the keys of [applications] that differ now."""

    cohort: str
    done: bool
    changed: tuple[str, ...]
    state: WindowState
    opens_on: date
    closes_on: date
    closed_at: datetime | None
    time_zone: str = Field(exclude=True)


@window_app.command("open")
def open_command(
    cohort: CohortId, note: Note = None, dry_run: DryRun = False, as_json: AsJson = False, folder: Folder = HERE
) -> None:
    """Open the application window today, before its day."""
    _step(cohort, "opened", open_window, note=note, dry_run=dry_run, as_json=as_json, folder=folder)


@window_app.command("extend")
def extend_command(
    cohort: CohortId,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day on which people may apply.")],
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Take applications until a later day; a window that has closed opens again."""
    last = day(until, "--until")

    def change(settings: CohortSettings, now: datetime) -> CohortSettings:
        return extend_window(settings, last, now)

    _step(cohort, "extended", change, note=note, dry_run=dry_run, as_json=as_json, folder=folder)


@window_app.command("close")
def close_command(
    cohort: CohortId, note: Note = None, dry_run: DryRun = False, as_json: AsJson = False, folder: Folder = HERE
) -> None:
    """Close the application window at once; who comes later waits, or is turned away where nobody may wait."""
    _step(cohort, "closed", close_window, note=note, dry_run=dry_run, as_json=as_json, folder=folder)


def _step(
    cohort: str, done: str, change: Change, *, note: str | None, dry_run: bool, as_json: bool, folder: Path
) -> None:
    async def deed(at: ServiceContext, settings: CohortSettings) -> WindowShown:
        def now() -> datetime:
            return clock(at.settings.clock_file).now(cohort)

        await check_alive(at, cohort)
        if dry_run:
            return _shown(settings, change(settings, now()), now(), done=False)
        before, after = await cohorts.change_settings(at.pool, cohort, change, now)
        shown = _shown(before, after, now(), done=True)
        if shown.changed:
            values = shown.model_dump(mode="json", include=set(shown.changed))
            await at.audit(staff_actor(), f"window_{done}", cohort, note=note, **values)
        await reschedule(at, cohort)
        return shown

    shown = with_cohort(cohort, folder, deed)
    if as_json:
        print_json(shown)
    else:
        print("\n".join(_lines(shown)))


def _shown(before: CohortSettings, after: CohortSettings, now: datetime, *, done: bool) -> WindowShown:
    keys = ("opens_on", "closes_on", "closed_at")
    old, new = before.applications, after.applications
    return WindowShown(
        cohort=after.id,
        done=done,
        changed=tuple(key for key in keys if getattr(old, key) != getattr(new, key)),
        state=window_state(after, now),
        time_zone=after.time_zone,
        **{key: getattr(new, key) for key in keys},
    )


def _lines(shown: WindowShown) -> list[str]:
    closed_at = shown.closed_at and shown.closed_at.astimezone(ZoneInfo(shown.time_zone))
    where = f"{closed_at:%Y-%m-%d %H:%M}" if closed_at else f"the end of {shown.closes_on}"
    state = shown.state.replace("_", " ")
    verb = "are" if shown.done else "would be"
    window = f"Applications to {shown.cohort} {verb} taken from {shown.opens_on} until {where} ({state})."
    if not shown.changed:
        return [window, "It was so already; nothing was changed."]
    if not shown.done:
        return [window, NOTHING_WAS_DONE]
    written = [f"  {key} = {getattr(shown, key)}" for key in shown.changed if key != "closed_at"]
    keep = ["Write it into cohort.toml too, or the next mile cohort update takes it back ([applications]):", *written]
    return [window, *(keep if written else ())]
