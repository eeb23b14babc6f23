"""Checking a release before it takes over: which emails it would change, and which histories it does not replay."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from pydantic import BaseModel, ValidationError
from temporalio.client import Client

from domain.mentorship.what_if import changed_emails
from runtime.deployments import OpenRun, find_deployment, open_runs
from schemas.base import FrozenModel
from schemas.cohort.state import CohortState
from schemas.errors import MileError, Refusal
from schemas.ids import COHORT_WORKFLOW, MENTORSHIP_WORKFLOW, mentorship_workflow_id
from schemas.mentorship.state import MentorshipState
from schemas.releases import MentorshipChanges, ReleaseCheck, ReplayProblem
from services.context import ServiceContext
from services.workflow_calls import query_workflow

# Replays runs with the workflows of this installation; returns the cause for each run id that does not replay.
Replay = Callable[[Client, Sequence[OpenRun]], Awaitable[dict[str, str]]]
HOWTO = "docs/howto/change-a-running-workflow.md"
# Workflows that are asked at the same time.
AT_ONCE = 8
_STATES: dict[str, type[BaseModel]] = {MENTORSHIP_WORKFLOW: MentorshipState, COHORT_WORKFLOW: CohortState}


class _Answer(FrozenModel):
    """What a workflow answered: whether at all, why its state cannot be read, and the emails that would change."""

    workflow: str
    asked: bool = True
    unreadable: str | None = None
    changes: MentorshipChanges | None = None


async def check_release(
    context: ServiceContext, deployment: str, replay: Replay, *, build: str | None = None
) -> ReleaseCheck:
    """Compare the service that runs with this installation, and change nothing.

    ``build`` is what this installation runs as, None without versions. Each mentorship is asked for its state, so a
    worker of the release that runs now must be there.
    """
    versioned = await find_deployment(context.client, deployment) is not None
    runs = await open_runs(context.client, deployment)
    causes = await replay(context.client, runs)
    gate = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(*(_ask(context, run, gate) for run in runs if run.type in _STATES))
    unreadable = {answer.workflow: answer.unreadable for answer in answers if answer.unreadable}
    problems = tuple(
        ReplayProblem(workflow=run.workflow_id, build=run.build, cause=cause)
        for run in sorted(runs, key=lambda run: run.workflow_id)
        if (cause := unreadable.get(run.workflow_id) or causes.get(run.run_id))
    )
    not_asked = tuple(sorted(answer.workflow for answer in answers if not answer.asked))
    # A run with another version stays on it. One without a version, or with this one, would go on with this code.
    hanging = [one for one in problems if one.build in {None, build} or one.workflow in unreadable]
    changes = [answer.changes for answer in answers if answer.changes and answer.changes.emails]
    return ReleaseCheck(
        ok=not hanging and not not_asked,
        versioned=versioned,
        replayed=len(runs),
        compared=sum(answer.changes is not None for answer in answers),
        changes=tuple(sorted(changes, key=lambda one: one.mentorship)),
        not_replayed=problems,
        not_asked=not_asked,
        advice=tuple(_advice(len(changes), len(problems) - len(hanging), len(hanging), len(not_asked), versioned)),
    )


async def _ask(context: ServiceContext, run: OpenRun, gate: asyncio.Semaphore) -> _Answer:
    absent = Refusal(f"{run.workflow_id} has ended.")
    async with gate:
        try:
            handle = context.workflow(run.workflow_id)
            state = await query_workflow(handle, "state", kind=_STATES[run.type], absent=absent)
        except Refusal:
            return _Answer(workflow=run.workflow_id)
        except MileError:
            return _Answer(workflow=run.workflow_id, asked=False)
        except ValidationError as error:
            cause = f"its state cannot be read: {'; '.join(str(each['loc']) for each in error.errors()[:3])}"
            return _Answer(workflow=run.workflow_id, unreadable=cause)
    # In a run that has just begun there is no plan yet: this release would make it.
    if not isinstance(state, MentorshipState) or state.plan is None:
        return _Answer(workflow=run.workflow_id)
    emails = changed_emails(state, datetime.now(UTC) + state.clock_offset)
    mentorship = run.workflow_id.removeprefix(mentorship_workflow_id(""))
    return _Answer(workflow=run.workflow_id, changes=MentorshipChanges(mentorship=mentorship, emails=emails))


def _advice(changed: int, staying: int, hanging: int, not_asked: int, versioned: bool) -> list[str]:
    said = []
    if hanging:
        said.append(
            f"Do not start this release as it is: {hanging} workflows would hang. Put its new steps behind "
            f"workflow.patched(), give stored models defaults, or start it under a build of its own ({HOWTO})."
        )
    if staying:
        said.append(
            f"{staying} workflows go on with their own build until they continue as new. Keep its worker running, and "
            "start this release under a new TEMPORAL_WORKER_BUILD_ID."
        )
    if not_asked:
        said.append(f"{not_asked} workflows did not answer. Start the worker that runs them now, and check again.")
    if changed:
        when = "when they are moved (mile release promote)" if versioned else "with mile release promote"
        said.append(f"{changed} mentorships make a new plan {when}, or when their terms change.")
    return said
