"""``mile release``: a new build of the worker, from the check before it takes over to the end of the old one."""

import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import DryRun
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.steps import take_step
from cli.common.tables import print_table, table_of
from schemas.mentorship.what_if import ChangedEmail
from schemas.releases import ReleaseCheck, ReleaseStatus, ReleaseStep, RunCounts
from services.context import ServiceContext
from services.release_check import check_release
from services.releases import (
    UNVERSIONED,
    preview_promote,
    preview_ramp,
    preview_rollback,
    preview_start,
    promote,
    ramp,
    release_status,
    retire,
    rollback,
    start,
)
from workflows.replay import replay_runs

NAME, BUILD = "TEMPORAL_DEPLOYMENT_NAME", "TEMPORAL_WORKER_BUILD_ID"
BuildId = Annotated[str, typer.Argument(metavar="BUILD", help=f"The build, as its worker's {BUILD}.")]
BuildOrNone = Annotated[str | None, typer.Argument(metavar="[BUILD]", help="The build.")]
DeploymentName = Annotated[
    str, typer.Option("--deployment", metavar="NAME", envvar=NAME, help="The deployment that the workers name.")
]
Within = Annotated[int, typer.Option("--wait", metavar="SECONDS", min=1, help="How long to wait at most.")]
DEPLOYMENT = "mile"


def check_command(
    deployment: DeploymentName = DEPLOYMENT, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER
) -> None:
    """Say which emails this installation would change, and which workflows would hang on it.

    Exits with 1 if a workflow would hang or could not be asked.
    """

    async def check(services: ServiceContext) -> ReleaseCheck:
        return await check_release(services, deployment, replay_runs, build=os.environ.get(BUILD))

    checked = call_service(folder, check)
    if as_json:
        print_json(checked)
    else:
        print("\n".join(_check_lines(checked)))
    raise typer.Exit(0 if checked.ok else 1)


def start_command(
    build: BuildId,
    wait: Within = 60,
    deployment: DeploymentName = DEPLOYMENT,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Wait for the worker of a new build.

    The first build of a deployment becomes current.
    """
    result = take_step(
        folder,
        lambda services: preview_start(services, deployment, build),
        lambda services: start(services, staff_actor(), deployment, build, within=timedelta(seconds=wait)),
        dry_run=dry_run,
        yes=True,
    )
    print_result(result, [f"A worker of build {build} polls. Next: mile release promote {build}"], as_json=as_json)


def ramp_command(
    build: BuildId,
    percent: Annotated[float, typer.Argument(metavar="PERCENT", min=0, max=100, help="How much; 0 ends it.")],
    deployment: DeploymentName = DEPLOYMENT,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Let a share of what begins go to a build.

    What continues as new counts as well.
    """
    result = take_step(
        folder,
        lambda services: preview_ramp(services, deployment, build, percent),
        lambda services: ramp(services, staff_actor(), deployment, build, percent),
        dry_run=dry_run,
        yes=True,
    )
    print_result(result, [f"{percent:g} percent go to build {build}."], as_json=as_json)


def promote_command(
    build: BuildOrNone = None,
    wait: Within = 300,
    deployment: DeploymentName = DEPLOYMENT,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Make a build current, and move every mentorship and cohort to it.

    Without versions, leave the build out.
    """
    _move(folder, preview_promote, promote, deployment, build, wait=wait, dry_run=dry_run, as_json=as_json)


def rollback_command(
    build: BuildOrNone = None,
    wait: Within = 300,
    deployment: DeploymentName = DEPLOYMENT,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Make the build before current again, and move everything back to it."""
    _move(folder, preview_rollback, rollback, deployment, build, wait=wait, dry_run=dry_run, as_json=as_json)


def status_command(
    deployment: DeploymentName = DEPLOYMENT, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER
) -> None:
    """Show each build, what runs on it, and whether its worker may be stopped."""
    status = call_service(folder, lambda services: release_status(services, deployment))
    if as_json:
        print_json(status)
    else:
        _print_status(status)


def retire_command(
    build: BuildId, deployment: DeploymentName = DEPLOYMENT, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER
) -> None:
    """Say whether the worker of a build may be stopped.

    Refuses while a workflow runs on it.
    """
    version = call_service(folder, lambda services: retire(services, deployment, build))
    if as_json:
        print_json(version)
    else:
        print(f"Nothing runs on build {build}. Its worker may be stopped; going back to it needs that worker again.")


def _move(
    folder: Path,
    preview: Callable[[ServiceContext, str, str | None], Awaitable[ReleaseStep]],
    step: Callable[..., Awaitable[ReleaseStep]],
    deployment: str,
    build: str | None,
    *,
    wait: int,
    dry_run: bool,
    as_json: bool,
) -> None:
    within = timedelta(seconds=wait)
    result = take_step(
        folder,
        lambda services: preview(services, deployment, build),
        lambda services: step(services, staff_actor(), deployment, build, report=_report, within=within),
        dry_run=dry_run,
        yes=True,
    )
    print_result(result, [_moved(result)], as_json=as_json)


def _report(moved: int, of: int) -> None:
    print(f"{moved} of {of} moved", file=sys.stderr)


def _moved(result: ReleaseStep) -> str:
    where = f"are on build {result.build}" if result.build else "continue in new runs"
    return f"{result.moved} mentorships and cohorts {where}, after {result.seconds:.1f} seconds."


def _check_lines(checked: ReleaseCheck) -> Iterator[str]:
    yield f"{checked.replayed} histories replayed; {checked.compared} mentorships compared."
    for changed in checked.changes:
        yield f"{changed.mentorship}:"
        yield from (f"  {_email(email)}" for email in changed.emails)
    if not checked.changes and checked.compared:
        yield "No email to come changes."
    for problem in checked.not_replayed:
        where = f" (build {problem.build})" if problem.build else ""
        yield f"{problem.workflow}{where} does not replay: {problem.cause}"
    if checked.not_asked:
        yield f"Did not answer: {', '.join(checked.not_asked)}"
    yield from checked.advice
    if not checked.versioned:
        yield UNVERSIONED


def _email(email: ChangedEmail) -> str:
    what = f"{email.kind} to {email.to}"
    if email.before is None:
        return f"{what}: new, {email.after:%Y-%m-%d}"
    if email.after is None:
        return f"{what}: not sent any more, was {email.before:%Y-%m-%d}"
    if email.before == email.after:
        return f"{what}: {email.after:%Y-%m-%d}, asks for {', '.join(ask.milestone for ask in email.asks)}"
    return f"{what}: {email.after:%Y-%m-%d} instead of {email.before:%Y-%m-%d}"


def _print_status(status: ReleaseStatus) -> None:
    if not status.versions:
        print(UNVERSIONED)
        print(f"{_runs(status.unversioned)} run; {status.unversioned_pollers} workers poll.")
        return
    table = table_of(f"Deployment {status.deployment}", "build", "state", "runs on it", "workers", "may be stopped")
    for one in status.versions:
        state = f"{one.state} ({one.percent:g} percent)" if one.percent else str(one.state)
        table.add_row(one.build, state, _runs(one.runs), str(one.pollers), "yes" if one.can_stop else "no")
    if status.unversioned.total or status.unversioned_pollers:
        stop = "no" if status.unversioned.total else "yes"
        table.add_row("none", "", _runs(status.unversioned), str(status.unversioned_pollers), stop)
    print_table(table)


def _runs(runs: RunCounts) -> str:
    others = f", {runs.others} others" if runs.others else ""
    return f"{runs.mentorships} mentorships, {runs.cohorts} cohorts{others}"
