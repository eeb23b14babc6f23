"""What staff ask of one mentorship and do to it: its workflow decides, and whatever was done is remembered."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from cli.common.servers import open_services, staff_actor
from schemas.base import FrozenModel
from schemas.enums import ChangeKind
from schemas.errors import Refusal
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.changes import Change, ChangeResult, WhatIf, WhatIfRequest
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import Forecast, Progress
from services.context import ServiceContext
from services.workflow_calls import Handle, query_workflow, update_workflow
from storage import mentorships

Told = TypeVar("Told")

# The workflow's update for each kind of change, and how the audit trail calls it.
UPDATES = {
    ChangeKind.PAUSE: ("pause", "paused"),
    ChangeKind.RESUME: ("resume", "resumed"),
    ChangeKind.EXTEND: ("extend", "extended"),
    ChangeKind.CADENCE: ("set_cadence", "cadence_changed"),
    ChangeKind.END: ("end", "ended"),
}


class ChangeShown(FrozenModel):
    """A change of a mentorship and what it does to the emails to come; ``done`` is false in a dry run."""

    mentorship: str
    done: bool
    change: Change
    effect: WhatIf


def with_mentorship(
    mentorship: str, folder: Path, deed: Callable[[ServiceContext, MentorshipPair], Awaitable[Told]]
) -> tuple[MentorshipPair, Told]:
    """Do something with a mentorship; raises UnknownMentorship."""

    async def done() -> tuple[MentorshipPair, Told]:
        async with open_services(folder) as at:
            pair = await mentorships.partners(at.pool, mentorship)
            return pair, await deed(at, pair)

    return asyncio.run(done())


async def progress_of(at: ServiceContext, pair: MentorshipPair) -> Progress:
    """Return where a mentorship stands; raises Refusal where Temporal no longer knows it."""
    return await query_workflow(workflow_of(at, pair), "progress", kind=Progress, absent=forgotten(pair))


async def timeline_of(at: ServiceContext, pair: MentorshipPair) -> list[Forecast]:
    """Return every email to come if nobody replies; raises Refusal where Temporal no longer knows the mentorship."""
    return await query_workflow(workflow_of(at, pair), "timeline", kind=list[Forecast], absent=forgotten(pair))


async def change(
    at: ServiceContext, pair: MentorshipPair, wanted: Change, *, note: str | None, dry_run: bool
) -> ChangeShown:
    """Ask what a change would do and, unless it is a dry run, have it done; raises Refusal where it cannot be."""
    handle, asked = workflow_of(at, pair), WhatIfRequest(change=wanted)
    effect = await query_workflow(handle, "what_if", asked, kind=WhatIf, absent=forgotten(pair), may_decline=True)
    if not dry_run:
        update, done = UPDATES[wanted.kind]
        await update_workflow(handle, update, wanted, kind=ChangeResult, absent=over(pair.mentorship_id))
        details = wanted.model_dump(mode="json", exclude={"kind"}, exclude_none=True)
        await at.audit(staff_actor(), done, pair.cohort.id, pair.mentorship_id, **details, note=note)
    return ChangeShown(mentorship=pair.mentorship_id, done=not dry_run, change=wanted, effect=effect)


def workflow_of(at: ServiceContext, pair: MentorshipPair) -> Handle:
    """Return the handle of a mentorship's workflow."""
    return at.workflow(mentorship_workflow_id(pair.mentorship_id))


def forgotten(pair: MentorshipPair) -> Refusal:
    """Return what to say where Temporal no longer knows a mentorship."""
    return Refusal(
        f"Temporal no longer has the whole history of {pair.mentorship_id}; what it came to is still in: "
        f"mile cohort show {pair.cohort.id}"
    )


def over(mentorship: str) -> Refusal:
    """Return what to say where a mentorship's workflow has ended."""
    return Refusal(f"{mentorship} is over; nothing of it is left to run.")
