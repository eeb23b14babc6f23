"""A workflow that waits, is signaled, runs activities and upserts as a recorded one did, and does no more."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import SearchAttributeKey

# What the driver reads to know when something is due (runtime/temporal.py).
NEXT_DUE_AT = SearchAttributeKey.for_datetime("MileNextDueAt")
# No workflow waits so long.
NEVER = timedelta(days=3650)
# No activity takes so long.
WITHIN = timedelta(minutes=1)


@dataclass
class RecordedStep:
    """What wakes a workflow, and what it does then.

    ``seconds`` have gone by on the workflow's clock since it was woken before; ``canceled_seconds`` is how long the
    timer was that a signal canceled, 0 without one. ``local_activities`` ran within the workflow's own task.
    """

    signaled: bool
    seconds: float
    activities: int = 0
    local_activities: int = 0
    upserts: int = 0
    canceled_seconds: float = 0


@workflow.defn(name="BareMentorship")
class BareMentorship:
    """Lives through recorded steps, run by run."""

    def __init__(self) -> None:
        """Begin with no signal received."""
        self._signals = 0

    @workflow.signal
    def answer(self) -> None:
        """Take a signal."""
        self._signals += 1

    @workflow.run
    async def run(self, runs: list[list[RecordedStep]]) -> None:
        """Take the steps of the first run, then continue as new with the others."""
        first, *others = runs
        awaited = 0
        for number, step in enumerate(first):
            if number and step.signaled:
                awaited += 1
                timeout = timedelta(seconds=step.canceled_seconds) or None
                await workflow.wait_condition(lambda: self._signals >= awaited, timeout=timeout)  # noqa: B023
            elif number:
                await workflow.sleep(step.seconds)
            for _ in range(step.activities):
                await workflow.execute_activity(nothing, start_to_close_timeout=WITHIN)
            for _ in range(step.local_activities):
                await workflow.execute_local_activity(nothing, start_to_close_timeout=WITHIN)
            self._upsert(step, first[number + 1] if number + 1 < len(first) else None)
        if others:
            workflow.continue_as_new(others)

    @staticmethod
    def _upsert(step: RecordedStep, following: RecordedStep | None) -> None:
        due_next = following is not None and not following.signaled
        wait = timedelta(seconds=following.seconds) if following and due_next else NEVER
        # The driver reads in this attribute when something is due, so what it says must not be past, nor missing.
        for number in range(max(step.upserts, due_next or not step.signaled)):
            workflow.upsert_search_attributes([NEXT_DUE_AT.value_set(workflow.now() + wait + timedelta(0, number))])


@activity.defn
async def nothing() -> None:
    """Do nothing."""
