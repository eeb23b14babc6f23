"""What a mentorship costs in Temporal."""

from runtime.histories import billed_actions, count_events, fetch_runs
from schemas.base import FrozenModel
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.mentorships.lookup import history_deleted
from services.workflow_calls import explained_by_temporal


class MentorshipCost(FrozenModel):
    """The cost of a mentorship so far: its runs, their events, and the actions that Temporal Cloud would bill."""

    mentorship: str
    runs: int
    events: int
    actions: int

    def describe(self) -> str:
        """Return it in words."""
        runs = "1 run" if self.runs == 1 else f"{self.runs} runs"
        return f"{self.mentorship}: {runs}, {self.events} events, {self.actions} billed actions"


async def count_cost(context: ServiceContext, pair: MentorshipPair) -> MentorshipCost:
    """Count what Temporal keeps of a mentorship; raises Refusal where that is deleted by now."""
    with explained_by_temporal(history_deleted(pair)):
        runs = await fetch_runs(context.client, mentorship_workflow_id(pair.mentorship_id))
    return MentorshipCost(
        mentorship=pair.mentorship_id, runs=len(runs), events=count_events(runs), actions=billed_actions(runs)
    )
