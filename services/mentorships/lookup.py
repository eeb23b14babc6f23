"""What one mentorship's workflow says: its state, the emails to come; and the refusals where it cannot answer."""

from schemas.actor import Actor
from schemas.errors import Refusal
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import Forecast, Progress
from services.context import ServiceContext
from services.workflow_calls import ANSWERED_WITHIN, Handle, explained_by_temporal, query_workflow
from storage import mentorships


async def find_mentorship(context: ServiceContext, mentorship_id: str) -> MentorshipPair:
    """Return the two people of a mentorship with their cohort, or raise UnknownMentorship."""
    return await mentorships.partners(context.pool, mentorship_id)


async def get_progress(context: ServiceContext, pair: MentorshipPair) -> Progress:
    """Return a mentorship's state; raises Refusal where Temporal has deleted its history."""
    handle = workflow_of(context, pair)
    progress = await query_workflow(handle, "progress", kind=Progress, absent=history_deleted(pair))
    # The workflow knows the quarter in which it last did something.
    quarters = await mentorships.quarters(context.pool, [pair.mentorship_id], context.now(pair.mentorship_id))
    return progress.model_copy(update={"quarter": quarters.get(pair.mentorship_id, progress.quarter)})


async def get_running(context: ServiceContext, pair: MentorshipPair) -> Progress:
    """Return the state of a mentorship whose workflow still runs; raises Refusal where it has ended."""
    progress = await get_progress(context, pair)
    if progress.outcome and progress.next_due_at is None:
        raise ended(pair.mentorship_id)
    return progress


async def get_timeline(context: ServiceContext, pair: MentorshipPair) -> list[Forecast]:
    """Return every email to come if nobody replies; raises Refusal where Temporal has deleted the history."""
    handle = workflow_of(context, pair)
    return await query_workflow(handle, "timeline", kind=list[Forecast], absent=history_deleted(pair))


async def upgrade(context: ServiceContext, actor: Actor, pair: MentorshipPair, *, note: str | None = None) -> None:
    """Let a mentorship continue as new, on the newest version of the service; raises Refusal where it has ended."""
    with explained_by_temporal(ended(pair.mentorship_id)):
        await workflow_of(context, pair).signal("upgrade_requested", rpc_timeout=ANSWERED_WITHIN)
    await context.audit(actor, "upgrade_requested", pair.cohort.id, pair.mentorship_id, note=note)


def workflow_of(context: ServiceContext, pair: MentorshipPair) -> Handle:
    """Return the handle of a mentorship's workflow."""
    return context.workflow(mentorship_workflow_id(pair.mentorship_id))


def history_deleted(pair: MentorshipPair) -> Refusal:
    """Return what to say where Temporal no longer has a mentorship's history."""
    return Refusal(
        f"Temporal no longer has the whole history of {pair.mentorship_id}. What it came to is still stored.",
        shell_advice=f"See it: mile cohort show {pair.cohort.id}",
    )


def ended(mentorship_id: str) -> Refusal:
    """Return what to say where a mentorship's workflow has ended."""
    return Refusal(f"{mentorship_id} is over, and its workflow has ended.")
