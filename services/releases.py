"""Releases: a build of the worker is started, ramped, promoted, taken back and retired, and workflows move with it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue
from temporalio.service import RPCError, RPCStatusCode

from runtime.deployments import (
    DeployedVersion,
    Deployment,
    count_runs,
    find_deployment,
    open_runs,
    set_current,
    set_ramping,
    workflow_pollers,
)
from schemas.actor import Actor
from schemas.errors import MileError, Refusal
from schemas.preview import Preview
from schemas.releases import ReleaseStatus, ReleaseStep, RunCounts, VersionState, WorkerVersion
from services.context import ServiceContext
from services.release_moves import MOVED_TYPES, Move, Report
from services.workflow_calls import unavailable

MOVED_WITHIN = timedelta(minutes=5)
POLLS_WITHIN = timedelta(minutes=1)
_LOOKS_AGAIN_AFTER = timedelta(seconds=0.5)
_DECLINED = {RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.ABORTED}
UNVERSIONED = (
    "This service runs without versions: no worker with TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID has ever "
    "polled. So there is one code at a time. To release: mile release check, stop the worker, start the new one, and "
    "mile release promote without a build, so that every mentorship makes a new plan. To go back, do the same with the "
    "old code."
)


async def release_status(context: ServiceContext, deployment: str) -> ReleaseStatus:
    """Return each version of a deployment, what runs on it, and whether its worker may be stopped."""
    found = await find_deployment(context.client, deployment)
    counts = count_runs(await open_runs(context.client, deployment))
    pollers = await workflow_pollers(context.client, deployment, context.settings.task_queue)

    def shown(version: DeployedVersion) -> WorkerVersion:
        runs = counts.get(version.build, RunCounts())
        taking = version.state in {VersionState.CURRENT, VersionState.RAMPING}
        # Temporal notices some minutes later that a version is drained.
        is_draining = version.state in {VersionState.DRAINING, VersionState.DRAINED}
        drained = VersionState.DRAINING if runs.total else VersionState.DRAINED
        return WorkerVersion(
            build=version.build,
            state=drained if is_draining else version.state,
            percent=found.percent if found and version.build == found.ramping else 0,
            pollers=pollers.by_build.get(version.build, 0),
            runs=runs,
            can_stop=not taking and not runs.total,
        )

    return ReleaseStatus(
        deployment=deployment,
        versions=tuple(map(shown, found.versions)) if found else (),
        unversioned=counts.get(None, RunCounts()),
        unversioned_pollers=pollers.unversioned,
    )


async def start(
    context: ServiceContext, actor: Actor, deployment: str, build: str, *, within: timedelta = POLLS_WITHIN
) -> ReleaseStep:
    """Wait for a worker of a build; the first build of a deployment becomes current, because nothing else runs.

    Raises MileError where no worker of it polls in time.
    """
    until = time.monotonic() + within.total_seconds()
    while (found := await _started(context, deployment, build)) is None:
        if time.monotonic() > until:
            raise MileError(
                f"No worker of build {build} polls. Start it beside the old one, with "
                f"TEMPORAL_DEPLOYMENT_NAME={deployment} and TEMPORAL_WORKER_BUILD_ID={build}.",
                shell_advice="Then: mile release start " + build,
            )
        await asyncio.sleep(_LOOKS_AGAIN_AFTER.total_seconds())
    if found.current is None:
        await _make_current(context, found, build)
        await _audit(context, actor, "release_started", deployment, build=build)
    return ReleaseStep(build=build, done=True)


async def preview_start(context: ServiceContext, deployment: str, build: str) -> ReleaseStep:
    """Return what starting a build would do."""
    found = await find_deployment(context.client, deployment)
    first = found is None or found.current is None
    change = "It is the first: new workflows would go to it" if first else "Nothing would go to it before it is ramped"
    return _previewed(build, f"A worker of build {build} would be waited for. {change}.", way_back="stop its worker")


async def preview_ramp(context: ServiceContext, deployment: str, build: str, percent: float) -> ReleaseStep:
    """Return what ramping a build would do; raises Refusal where it cannot be."""
    await _check_ramp(context, deployment, build)
    return _previewed(build, _ramped(build, percent), way_back=f"mile release ramp {build} 0")


async def ramp(context: ServiceContext, actor: Actor, deployment: str, build: str, percent: float) -> ReleaseStep:
    """Let a share of what would go to the current version go to a build, none at 0; raises Refusal where it cannot."""
    found = await _check_ramp(context, deployment, build)
    with _explained():
        await set_ramping(context.client, found, build, percent, context.client.identity)
    await _audit(context, actor, "release_ramped", deployment, build=build, percent=percent)
    return ReleaseStep(build=build, done=True)


async def preview_promote(context: ServiceContext, deployment: str, build: str | None) -> ReleaseStep:
    """Return what promoting a build would do; raises Refusal where it cannot be promoted."""
    found = await _check_promote(context, deployment, build)
    back = f"mile release rollback {found.current}" if found and found.current not in {None, build} else None
    behind = await _behind(context, deployment, build, _since(found, build))
    moving = f"{_counted(behind)} would continue as new now and make plans by its rules"
    if build is None:
        return _previewed(build, f"{moving}.", way_back="start the old code and promote again")
    return _previewed(build, f"Build {build} would become current. {moving}.", way_back=back or "promote another build")


async def promote(
    context: ServiceContext,
    actor: Actor,
    deployment: str,
    build: str | None,
    *,
    report: Report,
    within: timedelta = MOVED_WITHIN,
) -> ReleaseStep:
    """Make a build current and move all mentorships and cohorts to it, where each mentorship makes a new plan.

    Without versions there is no build, and each continues as new on the worker that runs. Raises Refusal where the
    build cannot be promoted, and MileError with their ids where some have not moved in time.
    """
    found = await _check_promote(context, deployment, build)
    return await _take_over(context, found, build, audited=(actor, "release_promoted"), report=report, within=within)


async def preview_rollback(context: ServiceContext, deployment: str, build: str | None) -> ReleaseStep:
    """Return what going back would do; raises Refusal where there is no version to go back to."""
    found, former = await _check_rollback(context, deployment, build)
    behind = await _behind(context, deployment, former, _since(found, former))
    change = f"Build {former} would become current again. {_counted(behind)} would move back to it."
    return _previewed(former, change, way_back=f"mile release promote {found.current}")


async def rollback(
    context: ServiceContext,
    actor: Actor,
    deployment: str,
    build: str | None,
    *,
    report: Report,
    within: timedelta = MOVED_WITHIN,
) -> ReleaseStep:
    """Make the version before current again, or that of a build, and move all mentorships and cohorts back to it.

    Raises as ``promote`` does.
    """
    found, former = await _check_rollback(context, deployment, build)
    return await _take_over(
        context, found, former, audited=(actor, "release_rolled_back"), report=report, within=within
    )


async def retire(context: ServiceContext, deployment: str, build: str) -> WorkerVersion:
    """Return a version whose worker may be stopped; raises Refusal where something runs on it or goes to it."""
    version = (await release_status(context, deployment)).version(build)
    if version is None:
        raise _unknown(deployment, build)
    if version.state in {VersionState.CURRENT, VersionState.RAMPING}:
        raise Refusal(f"Build {build} is {version.state}: new workflows go to it. Promote another build first.")
    if version.runs.total:
        raise Refusal(
            f"{_described(version.runs)} on build {build}, and no other worker can continue them. Keep its worker "
            "running.",
            shell_advice="To move them: mile release promote BUILD, with the build that is to run",
        )
    return version


async def _take_over(
    context: ServiceContext,
    found: Deployment | None,
    build: str | None,
    *,
    audited: tuple[Actor, str],
    report: Report,
    within: timedelta,
) -> ReleaseStep:
    began, since = time.monotonic(), _since(found, build)
    if found and build and found.current != build:
        await _make_current(context, found, build)
    name = found.name if found else ""
    await _audit(context, *audited, name, build=build)
    moved = await Move(context, name, build, since, report).run(within)
    return ReleaseStep(build=build, done=True, moved=moved, seconds=round(time.monotonic() - began, 1))


def _since(found: Deployment | None, build: str | None) -> datetime:
    """Return since when runs that begin on a build have a plan by its rules: since it is current, or from now on."""
    is_current = found is not None and build is not None and found.current == build
    return (found and is_current and found.current_since) or datetime.now(UTC)


async def _behind(context: ServiceContext, deployment: str, build: str | None, since: datetime) -> RunCounts:
    runs = await open_runs(context.client, deployment, *MOVED_TYPES)
    behind = [run for run in runs if build is None or run.build != build or run.started_at < since]
    counts = count_runs(behind).values()
    return RunCounts(
        mentorships=sum(count.mentorships for count in counts), cohorts=sum(count.cohorts for count in counts)
    )


async def _polls(context: ServiceContext, deployment: str, build: str) -> bool:
    pollers = await workflow_pollers(context.client, deployment, context.settings.task_queue)
    return pollers.by_build.get(build, 0) > 0


async def _started(context: ServiceContext, deployment: str, build: str) -> Deployment | None:
    """Return the deployment once a worker of a build polls and the deployment lists it, which comes a moment later."""
    found = await find_deployment(context.client, deployment)
    is_listed = found is not None and build in {version.build for version in found.versions}
    return found if is_listed and await _polls(context, deployment, build) else None


async def _deployment(context: ServiceContext, deployment: str) -> Deployment:
    found = await find_deployment(context.client, deployment)
    if found is None:
        raise Refusal(UNVERSIONED)
    return found


async def _known(context: ServiceContext, deployment: str, build: str) -> Deployment:
    """Return the deployment of a build whose worker polls; raises Refusal where there is none."""
    found = await _deployment(context, deployment)
    if build not in {version.build for version in found.versions}:
        raise _unknown(deployment, build)
    if not await _polls(context, deployment, build):
        raise Refusal(
            f"No worker of build {build} polls. Start it first: what moves to it would wait.",
            shell_advice=f"Then: mile release start {build}",
        )
    return found


async def _check_ramp(context: ServiceContext, deployment: str, build: str) -> Deployment:
    found = await _known(context, deployment, build)
    if found.current == build:
        raise Refusal(f"Build {build} is current: everything new goes to it already.")
    return found


async def _check_promote(context: ServiceContext, deployment: str, build: str | None) -> Deployment | None:
    found = await find_deployment(context.client, deployment)
    if build is None:
        if found and found.current:
            raise Refusal(f"Say which build to promote. Build {found.current} is current.")
        return None
    return await _known(context, deployment, build)


async def _check_rollback(context: ServiceContext, deployment: str, build: str | None) -> tuple[Deployment, str]:
    found = await _deployment(context, deployment)
    if build is None:
        former = [one for one in found.versions if one.last_current_at and one.build != found.current]
        if not former:
            raise Refusal("There is no version to go back to: no other build was ever current.")
        build = max(former, key=lambda one: one.last_current_at or one.created_at).build
    elif build == found.current:
        raise Refusal(
            f"Build {build} is current. Say which build to go back to, or none for the one before.",
            shell_advice=f"To move back what a ramp took elsewhere: mile release promote {build}",
        )
    return await _known(context, deployment, build), build


async def _make_current(context: ServiceContext, found: Deployment, build: str) -> None:
    with _explained():
        await set_current(context.client, found, build, context.client.identity)


async def _audit(context: ServiceContext, actor: Actor, action: str, deployment: str, **details: JsonValue) -> None:
    """Add the event of a step to the audit log of each class that it concerns: those with workflows that run."""
    runs = await open_runs(context.client, deployment, *MOVED_TYPES)
    for cohort in sorted({run.cohort for run in runs if run.cohort}):
        await context.audit(actor, action, cohort, **details)


def _previewed(build: str | None, *changes: str, way_back: str) -> ReleaseStep:
    return ReleaseStep(build=build, done=False, preview=Preview(changes=changes, way_back=way_back))


def _ramped(build: str, percent: float) -> str:
    if not percent:
        return f"Nothing more would go to build {build}. What is on it stays there."
    return (
        f"{percent:g} percent of new workflows, and of those that continue as new, would go to build {build}. Those "
        "that sleep stay where they are."
    )


def _counted(runs: RunCounts) -> str:
    mentorships = "1 mentorship" if runs.mentorships == 1 else f"{runs.mentorships} mentorships"
    cohorts = "1 cohort" if runs.cohorts == 1 else f"{runs.cohorts} cohorts"
    return f"{mentorships} and {cohorts}"


def _described(runs: RunCounts) -> str:
    return f"{_counted(runs)}{f' and {runs.others} others' if runs.others else ''} still run"


def _unknown(deployment: str, build: str) -> Refusal:
    return Refusal(f"No worker of build {build} of {deployment} has ever polled.")


@contextmanager
def _explained() -> Iterator[None]:
    """Say why Temporal does not route to a version."""
    try:
        yield
    except RPCError as error:
        if error.status not in _DECLINED:
            raise unavailable(error) from error
        raise MileError(
            f"Temporal does not allow it: {error.message}. If a worker was started just now, it may not have polled "
            "each of its queues yet; if someone else changed the deployment, look at it first.",
            shell_advice="See it: mile release status",
        ) from error
