"""The settings of a cohort, replaced by those of its cohort.toml."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.cohort.campaigns import planned_campaigns
from domain.cohort.roles import contacts_on
from domain.kickoff.fingerprint import kickoff_fingerprint
from schemas.actor import Actor
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.errors import Refusal
from schemas.preview import Preview, StepResult
from services.cohort_workflows import reschedule
from services.context import ServiceContext
from services.email_forecast import EmailForecast, forecast_emails
from storage import cohorts, mentorships, roles
from storage.database import Connection, Db, transaction

WAY_BACK = "put the old values back"


class SettingsUpdate(StepResult):
    """The keys of a cohort.toml whose values were replaced, as in ``contact.email``.

    ``roles_ended`` are the numbers of the roles that end where the contact was replaced, so that it answers.
    """

    cohort: str
    changed: tuple[str, ...]
    roles_ended: tuple[int, ...] = ()


async def preview_update(context: ServiceContext, settings: CohortSettings) -> SettingsUpdate:
    """Return what replacing a cohort's settings would change; raises as ``update`` does."""
    before = await cohorts.cohort_settings(context.pool, settings.id)
    after = _replaced(before, settings, begun=await _has_begun(context.pool, settings.id))
    changed, ended = _differences(before, after), await _roles_in_the_way(context, context.pool, before, after)
    changes = [f"Would change in {after.id}:", *(f"  {key}" for key in changed)] if changed else []
    if ended:
        numbers = ", ".join(map(str, ended))
        changes.append(f"The contact answers from today on, so these roles would end: {numbers}.")
    preview = Preview(way_back=WAY_BACK)
    if changes:
        preview = (await _emails(context, before, after)).preview(*changes, way_back=WAY_BACK)
    return SettingsUpdate(cohort=after.id, changed=changed, roles_ended=ended, done=False, preview=preview)


async def update(
    context: ServiceContext,
    actor: Actor,
    settings: CohortSettings,
    *,
    base: CohortSettings | None = None,
    note: str | None = None,
) -> SettingsUpdate:
    """Replace a cohort's settings, let its workflow follow, and return which keys changed; ``note`` says why.

    ``base`` is what was changed into these: where somebody else changed that meanwhile, theirs would be lost. A window
    that staff closed at once stays closed. Raises UnknownCohort, or Refusal also where running mentorships have the
    dates that would change.
    """

    def replaced(stored: CohortSettings, _: datetime) -> CohortSettings:
        if base is not None and base != stored:
            raise Refusal("Someone else changed the settings at this moment. Please look at them, and save again.")
        return _replaced(stored, settings, begun=begun)

    async with transaction(context.pool) as db:
        begun = await _has_begun(db, settings.id)
        before, after = await cohorts.change_settings(db, settings.id, replaced, lambda: datetime.now(UTC))
        changed, ended = _differences(before, after), await _roles_in_the_way(context, db, before, after)
        if changed:
            await context.audit_in(db, actor, "updated", after.id, changed=list(changed), note=note)
        if ended:
            await _end_roles(context, actor, after, db)
    await reschedule(context, after.id)
    return SettingsUpdate(cohort=after.id, changed=changed, roles_ended=ended, done=True)


async def _emails(context: ServiceContext, before: CohortSettings, after: CohortSettings) -> EmailForecast:
    async def save(db: Connection, state: CohortState, now: datetime) -> CohortState:
        await cohorts.save_settings(db, after, now)
        return state

    # Who is invited is told of another place or hour some minutes later, so that it can still be corrected.
    moved = planned_campaigns(before) != planned_campaigns(after) or (
        kickoff_fingerprint(before) != kickoff_fingerprint(after)
    )
    return await forecast_emails(context, after.id, save, ahead=moved, without_worker=True)


async def _has_begun(db: Db, cohort: str) -> bool:
    return bool(await mentorships.mentorship_ids(db, cohort))


def _replaced(before: CohortSettings, settings: CohortSettings, *, begun: bool) -> CohortSettings:
    # A pair keeps the dates that it was promised (decision 1).
    if begun and _dates(before) != _dates(settings):
        raise Refusal(
            f"The mentorships of {settings.id} have begun: its kickoff, time zone and timeline are in running "
            "workflows and stay. Put them back as they were to change the rest."
        )
    return _still_closed(before, settings)


def _still_closed(before: CohortSettings, settings: CohortSettings) -> CohortSettings:
    window = settings.applications
    if window is None or window.closed_at or before.applications is None:
        return settings
    # cohort.toml does not say that staff closed the window at once: that is only stored (decision 13).
    closed = window.model_copy(update={"closed_at": before.applications.closed_at})
    return settings.model_copy(update={"applications": closed})


def _dates(settings: CohortSettings) -> tuple[object, ...]:
    return settings.kickoff_day, settings.time_zone, settings.timeline


async def _roles_in_the_way(
    context: ServiceContext, db: Db, before: CohortSettings, after: CohortSettings
) -> tuple[int, ...]:
    """Return the roles that would hide a contact that staff replace: the newest decision counts."""
    if before.contact == after.contact:
        return ()
    return tuple(holder.id for holder in contacts_on(await roles.role_holders(db, after.id), context.today(after)))


async def _end_roles(context: ServiceContext, actor: Actor, settings: CohortSettings, db: Db) -> None:
    today = context.today(settings)
    for number in await roles.end_contact_roles(db, settings.id, today):
        last_on = str(today - timedelta(days=1))
        await context.audit_in(db, actor, "role_ended", settings.id, number=number, last_on=last_on)


def _differences(before: CohortSettings, after: CohortSettings) -> tuple[str, ...]:
    return tuple(_changed_keys(before.model_dump(mode="json"), after.model_dump(mode="json")))


def _changed_keys(before: object, after: object, path: str = "") -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _changed_keys(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif before != after:
        yield path
