"""What a mentorship costs in Temporal."""

from runtime.histories import billed_actions_by_kind, count_events, fetch_runs
from schemas.base import FrozenModel
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.mentorships.lookup import history_deleted
from services.workflow_calls import explained_by_temporal


class MentorshipCost(FrozenModel):
    """The cost of a mentorship so far: its runs, their events, and what Temporal Cloud would bill, also by kind."""

    mentorship: str
    runs: int
    events: int
    actions: int
    by_kind: dict[str, int]

    def describe(self) -> str:
        """Return it in words."""
        runs = "1 run" if self.runs == 1 else f"{self.runs} runs"
        kinds = ", ".join(f"{number} for {kind}" for kind, number in self.by_kind.items() if number)
        return f"{self.mentorship}: {runs}, {self.events} events, {self.actions} billed actions: {kinds}"


async def count_cost(context: ServiceContext, pair: MentorshipPair) -> MentorshipCost:
    """Count what Temporal keeps of a mentorship; raises Refusal where that is deleted by now."""
    with explained_by_temporal(history_deleted(pair)):
        runs = await fetch_runs(context.client, mentorship_workflow_id(pair.mentorship_id))
    by_kind = billed_actions_by_kind(runs)
    return MentorshipCost(
        mentorship=pair.mentorship_id,
        runs=len(runs),
        events=count_events(runs),
        actions=sum(by_kind.values()),
        by_kind=by_kind,
    )
