"""Why staff should look at a mentorship now: the concerns of their weekly digest."""

from collections.abc import Iterator
from datetime import datetime

from domain.mentorship.progression import awaited_sides, closing_of, milestone_of, plan_of
from schemas.enums import MilestoneKind, StaffReason, WindowStatus
from schemas.mentorship.state import Closing, MentorshipState

# One quarter without a meeting is no reason to step in: there is no penalty for it (A22).
UNMET_WINDOWS_FOR_CONCERN = 2


def concerns(state: MentorshipState) -> tuple[StaffReason, ...]:
    """Return why staff should look at a mentorship; a concern ends by itself when its cause is settled."""
    return tuple(_raised(state))


def _raised(state: MentorshipState) -> Iterator[StaffReason]:
    if state.open_call_requests:
        yield StaffReason.CALL_REQUESTED
    if state.unreachable:
        yield StaffReason.UNDELIVERABLE
    if state.unrecognized_messages:
        yield StaffReason.NOT_UNDERSTOOD
    if state.outcome is None and state.plan is not None:
        yield from _of_the_pair(state)


def _of_the_pair(state: MentorshipState) -> Iterator[StaffReason]:
    """Yield what a pair leaves open: no first contact, no agreement in time, no meeting in two windows (A27, A31)."""
    closings = {closing.milestone: closing for closing in state.closings}
    # A pair that has met or agreed has been in contact, whether or not anybody confirmed it.
    contact = closings.get(MilestoneKind.FIRST_CONTACT)
    if (
        contact
        and _still_open(state, MilestoneKind.FIRST_CONTACT)
        and not (state.terms.first_met_on or state.terms.agreed_on)
    ):
        yield StaffReason.NO_FIRST_CONTACT
    if MilestoneKind.AGREEMENT in closings and state.terms.agreed_on is None:
        yield StaffReason.NO_AGREEMENT
    if _unmet_in_a_row(state, closings) >= UNMET_WINDOWS_FOR_CONCERN:
        yield StaffReason.SILENT


def _unmet_in_a_row(state: MentorshipState, closings: dict[str, Closing]) -> int:
    """Count the windows without a meeting since the last one with a meeting.

    The current window can only end the series: whether it passes without a meeting is known when it closes.
    """
    in_a_row, since = 0, None
    for window in plan_of(state).milestones:
        if window.kind is MilestoneKind.CHECK_IN:
            statuses = closings.get(window.id) or closing_of(state, window)
            if WindowStatus.MET in (statuses.mentor, statuses.mentee) or _logged(state, since, window.closes_at):
                in_a_row = 0
            elif window.id in closings:
                in_a_row += 1
            since = window.closes_at
    return in_a_row


def _logged(state: MentorshipState, since: datetime | None, until: datetime) -> bool:
    """Tell whether a meeting was reported between two moments, wherever it was."""
    return any(
        answer.met and (since is None or since <= answer.received_at) and answer.received_at < until
        for answer in state.answers
    )


def _still_open(state: MentorshipState, milestone_id: str) -> bool:
    milestone = milestone_of(state, milestone_id)
    return milestone is not None and bool(awaited_sides(state, milestone))
