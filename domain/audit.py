"""Drift between PostgreSQL and Temporal: which mentorships to inspect, and then exactly what differs.

A mentorship's workflow decides and its rows mirror it, so a repair changes the rows. What people answered and what
staff decided goes the other way where the workflow has not heard of it: it is told again, and nothing is undone.
"""

from collections.abc import Iterator
from datetime import date
from zlib import crc32

from domain.mentorship.decisions import is_left_to_staff, make_decision, missed_decisions
from domain.mentorship.response_effects import would_change
from schemas.audit import (
    Drift,
    DriftKind,
    ExecutionSnapshot,
    ExecutionState,
    MentorshipRow,
    MilestoneRow,
    StoredMentorship,
)
from schemas.errors import Refusal
from schemas.ids import response_id
from schemas.mentorship.changes import StaffDecision
from schemas.mentorship.responses import SavedResponse
from schemas.mentorship.state import EmailRequest, MentorshipState, Milestone, Plan, Progress

DAYS_PER_WEEK = 7
# What both a plan and the rows say of a milestone.
MIRRORED_FIELDS = ("asked", "opens_on", "closes_on", "opens_at", "closes_at", "open_until")


def is_suspicious(row: MentorshipRow, snapshot: ExecutionSnapshot | None) -> bool:
    """Tell whether a mentorship must be inspected, from its row and what Temporal lists of it."""
    if snapshot is None or snapshot.state is ExecutionState.COMPLETED:
        return row.goes_on
    return (
        snapshot.state is ExecutionState.INTERRUPTED
        or snapshot.stuck
        or not row.started
        or not row.planned
        or _looks_different(row, snapshot)
    )


def _looks_different(row: MentorshipRow, snapshot: ExecutionSnapshot) -> bool:
    # The workflow waits for the last closing at least.
    waits_too_long = row.closes_last is not None and (
        snapshot.next_due_at is None or row.closes_last < snapshot.next_due_at
    )
    return (
        (row.phase, row.concerned) != (snapshot.phase, snapshot.needs_attention)
        or waits_too_long
        or not set(row.answered).isdisjoint(snapshot.waiting_for)
    )


def is_due_for_inspection(mentorship: str, on: date) -> bool:
    """Tell whether a mentorship is inspected on a day even where nothing differs: each is, once in seven days."""
    # crc32 gives every process the same number; Python's hash() of a string does not.
    return crc32(mentorship.encode()) % DAYS_PER_WEEK == on.toordinal() % DAYS_PER_WEEK


def find_drifts(stored: StoredMentorship, progress: Progress, state: MentorshipState) -> Iterator[Drift]:
    """Yield every difference between a mentorship's rows and its workflow."""
    missed = missed_decisions(state, stored.decisions)
    lost = lost_decisions(stored, state)
    told_again = tuple(decision for decision in missed if decision not in lost)
    if told_again:
        yield Drift(kind=DriftKind.DECISIONS, id=stored.id, what=tuple(map(_named, told_again)), repairable=True)
    if lost:
        yield Drift(kind=DriftKind.DECISIONS, id=stored.id, what=tuple(map(_named, lost)))
    unrecorded = unrecorded_decisions(stored, state)
    if unrecorded:
        what = tuple(map(_named, unrecorded))
        yield Drift(kind=DriftKind.DECISIONS_UNRECORDED, id=stored.id, what=what, repairable=True)
    # Rows that show what the workflow has not heard of are right until it has; so they are as long as staff decide.
    mirrors = not missed
    different = tuple(_different_columns(stored, progress))
    if different:
        yield Drift(kind=DriftKind.PROGRESS, id=stored.id, what=different, repairable=mirrors)
    if state.plan is not None:
        yield from _plan_drifts(stored, state, state.plan, repairable=mirrors)
        answered_here = _answers_lost(stored, state)
        if answered_here:
            yield Drift(kind=DriftKind.RESPONSES_LOST, id=stored.id, what=answered_here)
        lost_emails = unrecorded_emails(stored, state)
        if lost_emails:
            what = tuple(f"{email.kind} to {email.to} of {email.at:%Y-%m-%d}" for email in lost_emails)
            yield Drift(kind=DriftKind.EMAILS_LOST, id=stored.id, what=what, repairable=True)
        unknown = unknown_responses(stored, state)
        if unknown:
            yield Drift(
                kind=DriftKind.RESPONSES, id=stored.id, what=tuple(response.id for response in unknown), repairable=True
            )


def unknown_responses(stored: StoredMentorship, state: MentorshipState) -> tuple[SavedResponse, ...]:
    """Return the responses that a workflow does not know: those whose signal would change its state."""
    return tuple(response for response in stored.responses if would_change(state, response.answer))


def _different_columns(stored: StoredMentorship, progress: Progress) -> Iterator[str]:
    if not stored.started:
        yield "started_at"
    for column in ("phase", "outcome", "concerns"):
        if getattr(stored, column) != getattr(progress, column):
            yield column


def unrecorded_decisions(stored: StoredMentorship, state: MentorshipState) -> tuple[StaffDecision, ...]:
    """Return the decisions that a workflow has made and PostgreSQL does not show as confirmed."""
    confirmed = {decision.id for decision in stored.decisions}
    return tuple(decision for decision in state.decisions if decision.id not in confirmed)


def unrecorded_emails(stored: StoredMentorship, state: MentorshipState) -> tuple[EmailRequest, ...]:
    """Return the emails that a workflow has enqueued of late and PostgreSQL knows nothing of."""
    if stored.emails is None:
        return ()
    return tuple(email for email in state.recent_emails if email.key not in stored.emails)


def lost_decisions(stored: StoredMentorship, state: MentorshipState) -> tuple[StaffDecision, ...]:
    """Return what staff decided, the workflow has not heard of, and can no longer make."""
    missed = missed_decisions(state, stored.decisions)
    return tuple(decision for decision in missed if not _can_be_made_again(state, decision))


def _can_be_made_again(state: MentorshipState, decision: StaffDecision) -> bool:
    if is_left_to_staff(state, decision):
        return False
    try:
        make_decision(state, decision)
    except Refusal:
        return False
    return True


def _named(decision: StaffDecision) -> str:
    return f"{decision.change.kind} of {decision.at:%Y-%m-%d}"


def _answers_lost(stored: StoredMentorship, state: MentorshipState) -> tuple[str, ...]:
    """Return the responses that the workflow was signaled and PostgreSQL has no more, in their newest revision."""
    return tuple(
        id_
        for answer in state.answers
        if (id_ := response_id(stored.id, answer.milestone, answer.side)) not in stored.revisions
        or stored.revisions[id_] < answer.revision
    )


def _plan_drifts(stored: StoredMentorship, state: MentorshipState, plan: Plan, *, repairable: bool) -> Iterator[Drift]:
    rows = {row.id: row for row in stored.milestones}
    moved = [due.id for due in plan.milestones if due.id not in rows or not _mirrors(rows[due.id], due)]
    planned = {due.id for due in plan.milestones}
    moved += [row.id for row in stored.milestones if row.id not in planned and not (row.dropped or row.closed)]
    moved += ["ends_on"] if stored.ends_on != plan.ends_on else []
    if moved:
        yield Drift(kind=DriftKind.PLAN, id=stored.id, what=tuple(moved), repairable=repairable)
    closed = {closing.milestone for closing in state.closings}
    unmarked = tuple(due.id for due in plan.milestones if due.id in closed and not _is_closed(rows.get(due.id)))
    if unmarked:
        yield Drift(kind=DriftKind.CLOSINGS, id=stored.id, what=unmarked, repairable=True)
    # The first closing stands in the rows, so one that the workflow does not have is only reported.
    ahead = tuple(row.id for row in stored.milestones if row.closed and row.id in planned - closed)
    if ahead:
        yield Drift(kind=DriftKind.CLOSINGS, id=stored.id, what=ahead)


def _mirrors(row: MilestoneRow, due: Milestone) -> bool:
    if row.dropped:
        return False
    # How a milestone closed is final; only its page may stay open longer.
    columns = ("open_until",) if row.closed and due.open_until else () if row.closed else MIRRORED_FIELDS
    return all(getattr(row, column) == getattr(due, column) for column in columns)


def _is_closed(row: MilestoneRow | None) -> bool:
    return row is not None and row.closed
