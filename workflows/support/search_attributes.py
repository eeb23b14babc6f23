"""What operators see of a workflow in the Temporal UI: search attributes and current details, never a name."""

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from runtime.temporal import COHORT, NEEDS_ATTENTION, NEXT_DUE_AT, PHASE, QUARTER, WAITING_FOR
    from schemas.cohort.messages import CohortOverview
    from schemas.mentorship.state import Progress, when


class SearchAttributes:
    """Keeps the search attributes of a workflow up to date; each write is a billed action, so only changes are."""

    def __init__(self, cohort_id: str) -> None:
        self._cohort = COHORT.value_set(cohort_id)
        self._current: list[SearchAttributeUpdate[Any]] = []

    def update_mentorship(self, progress: Progress) -> None:
        """Show the phase of a mentorship, and what it waits for."""
        due = progress.next_due_at
        updates: list[SearchAttributeUpdate[Any]] = [
            self._cohort,
            PHASE.value_set(progress.phase),
            QUARTER.value_set(progress.quarter),
            WAITING_FOR.value_set(list(progress.waiting_for)),
            NEEDS_ATTENTION.value_set(bool(progress.concerns)),
            NEXT_DUE_AT.value_set(due) if due else NEXT_DUE_AT.value_unset(),
        ]
        self._upsert(updates)
        waiting = "".join(f"\n- waits for {answer}" for answer in progress.waiting_for)
        # Temporal drops the details when a run ends, so each run sets them again.
        workflow.set_current_details(
            f"**{progress.phase}**, quarter {progress.quarter}, next due {when(due) if due else 'nothing'}{waiting}"
        )

    def update_cohort(self, overview: CohortOverview) -> None:
        """Show the stage of a cohort, and what it waits for."""
        due = overview.next_due_at
        self._upsert(
            [
                self._cohort,
                PHASE.value_set(overview.stage),
                NEXT_DUE_AT.value_set(due) if due else NEXT_DUE_AT.value_unset(),
            ]
        )
        workflow.set_current_details(
            f"**{overview.stage}**, {overview.mentorships} mentorships, next due {when(due) if due else 'staff'}"
        )

    def _upsert(self, updates: list[SearchAttributeUpdate[Any]]) -> None:
        changes = [update for update in updates if update not in self._current]
        if changes:
            workflow.upsert_search_attributes(changes)
        self._current = updates
