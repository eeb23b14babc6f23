"""The steps of staff that the matrix takes, with what comes before each, and the matrix itself."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from rehearsal.environment import STAFF, Environment
from schemas.cohort.folder import CohortFolder
from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import (
    Institute,
)
from schemas.enums import Side
from schemas.matching.messages import MatchRequest
from services import application_window, cohorts, matching, proposals, roles, settings
from services.applications.review import Decision, preview_review, review
from services.kickoff import starts
from storage import kickoff
from tests.workflows.previewed import KICKOFF, MOMENTS, Class, Taken, UseCase, class_at


async def created(cohort: Class) -> None:
    await cohorts.create(cohort.services, STAFF, cohort.folder)
    await cohort.idle()


async def drafted(cohort: Class) -> None:
    await created(cohort)
    await matching.match_cohort(cohort.services, STAFF, cohort.id, MatchRequest())


async def proposed(cohort: Class) -> None:
    await drafted(cohort)
    await matching.publish(cohort.services, STAFF, cohort.id, 1, None)
    await cohort.idle()


async def all_final(cohort: Class) -> None:
    await proposed(cohort)
    for pair in await kickoff.published_pairs(cohort.environment.pool, cohort.id):
        await proposals.confirm(cohort.services, STAFF, cohort.id, pair.mentor_id, pair.mentee_id, note="by phone")
    await cohort.idle()


async def withdrawn(cohort: Class) -> None:
    await created(cohort)
    await review(cohort.services, STAFF, cohort.id, "P03", Decision.WITHDRAW, note="asked for it")
    await cohort.idle()


async def one_pair(cohort: Class) -> tuple[str, str]:
    pair = (await kickoff.published_pairs(cohort.environment.pool, cohort.id))[0]
    return pair.mentor_id, pair.mentee_id


MAIN_MOMENTS = ("early", "in time", "late", "past")


@dataclass(frozen=True)
class Step:
    """A step of staff: what comes before it, its preview and itself; ``lives_on`` are the moments to follow up."""

    before: UseCase | None
    preview: UseCase
    take: UseCase
    moments: tuple[str, ...] = MAIN_MOMENTS
    lives_on: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


def _window(action: application_window.WindowAction, until: date | None = None) -> tuple[UseCase, UseCase]:
    change = application_window.WindowChange(action=action, until=until)
    return (
        lambda one: application_window.preview_change(one.services, one.id, change),
        lambda one: application_window.change_window(one.services, STAFF, one.id, change),
    )


def _update(**changes: object) -> tuple[UseCase, UseCase]:
    return (
        lambda one: settings.preview_update(one.services, one.moved(**changes)),
        lambda one: settings.update(one.services, STAFF, one.moved(**changes)),
    )


def _review(decision: Decision) -> tuple[UseCase, UseCase]:
    return (
        lambda one: preview_review(one.services, one.id, "P03", decision),
        lambda one: review(one.services, STAFF, one.id, "P03", decision, note="on the phone"),
    )


async def _preview_confirm(one: Class) -> Any:
    return await proposals.preview_confirm(one.services, one.id, *await one_pair(one))


async def _confirm(one: Class) -> Any:
    return await proposals.confirm(one.services, STAFF, one.id, *await one_pair(one), note="by phone")


async def _decline(one: Class) -> proposals.ProposalDecline:
    mentor, mentee = await one_pair(one)
    return proposals.ProposalDecline(mentor=mentor, mentee=mentee, side=Side.MENTOR)


async def _preview_decline(one: Class) -> Any:
    return await proposals.preview_decline(one.services, one.id, await _decline(one))


async def _decline_for(one: Class) -> Any:
    return await proposals.decline_for(one.services, STAFF, one.id, await _decline(one), note="by phone")


TWO_DAYS_LATER = KICKOFF + timedelta(days=2)
MOVED = {
    "institute": Institute(venue="Lodge", town="Ely", first_day=KICKOFF, last_day=TWO_DAYS_LATER),
    "kickoff_on": TWO_DAYS_LATER,
}
ELSEWHERE = {"institute": Institute(venue="Camp", town="Ely", last_day=KICKOFF)}
CHAIR = NewRoleHolder(role="Chair", email="new.chair@example.org", starts_on=KICKOFF)
PUBLISH = (
    lambda one: matching.preview_publish(one.services, one.id, 1, None),
    lambda one: matching.publish(one.services, STAFF, one.id, 1, None),
)
STEPS = {
    "create": Step(
        None,
        lambda one: cohorts.preview_create(one.services, one.folder),
        lambda one: cohorts.create(one.services, STAFF, one.folder),
        moments=(*MAIN_MOMENTS, "night"),
        lives_on=("early", "late", "night"),
    ),
    "publish": Step(drafted, *PUBLISH, lives_on=("late",)),
    "publish unasked": Step(
        drafted, *PUBLISH, moments=(*MAIN_MOMENTS, "kickoff"), lives_on=("late",), settings={"proposals": None}
    ),
    "confirm": Step(proposed, _preview_confirm, _confirm),
    "decline": Step(proposed, _preview_decline, _decline_for),
    "withdraw": Step(created, *_review(Decision.WITHDRAW)),
    "accept": Step(withdrawn, *_review(Decision.ACCEPT)),
    "open": Step(created, *_window(application_window.WindowAction.OPEN)),
    "extend": Step(created, *_window(application_window.WindowAction.EXTEND, date(2027, 4, 28))),
    "close": Step(created, *_window(application_window.WindowAction.CLOSE)),
    "move the kickoff": Step(
        all_final, *_update(**MOVED), moments=(*MAIN_MOMENTS, "night"), lives_on=("late", "night")
    ),
    "change the venue": Step(all_final, *_update(**ELSEWHERE), moments=("eve",)),
    "role": Step(
        created,
        lambda one: roles.preview_set_role(one.services, one.id, CHAIR),
        lambda one: roles.set_role(one.services, STAFF, one.id, CHAIR),
    ),
    "start": Step(
        all_final,
        lambda one: starts.preview_start(one.services, one.id),
        lambda one: starts.start(one.services, STAFF, one.id),
    ),
}


async def take_twice(environment: Environment, folder: CohortFolder, name: str, moment: str) -> tuple[Taken, Taken]:
    """Take a step at a moment for the first time and again; nobody acts between the two."""
    step = STEPS[name]
    cohort_id = f"{name}-{moment}".replace(" ", "-")
    cohort = class_at(environment, folder, cohort_id, MOMENTS[moment], **step.settings)
    if step.before:
        await step.before(cohort)
    first = await cohort.take(step.preview, step.take)
    again = await cohort.take(step.preview, step.take)
    if moment in step.lives_on:
        await cohort.live_on(first)
    return first, again


async def take_all(environment: Environment, folder: CohortFolder) -> dict[tuple[str, str], tuple[Taken, Taken]]:
    """Take every step at every moment, side by side; classes that begin come last, for they make past mentors."""
    cells = [(name, moment) for name, step in STEPS.items() for moment in step.moments]
    taken: dict[tuple[str, str], tuple[Taken, Taken]] = {}
    for last in (False, True):
        group = [cell for cell in cells if (cell[1] in {"kickoff", "past"}) is last]
        several = await asyncio.gather(*(take_twice(environment, folder, *cell) for cell in group))
        taken |= dict(zip(group, several, strict=True))
    return taken
