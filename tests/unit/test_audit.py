"""Drift: at a glance whom to ask, and then exactly what rows and workflow say differently."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.audit import find_drifts, is_due_for_inspection, is_suspicious
from domain.mentorship.decisions import make_decision
from domain.mentorship.plan import plan
from domain.mentorship.progression import complete_moment, next_moment, phase_at, record_enqueued
from schemas.audit import DriftKind, ExecutionSnapshot, ExecutionState, MentorshipRow, MilestoneRow, StoredMentorship
from schemas.enums import EmailKind, Outcome, Phase, Recipient, Side, StaffReason, WindowStatus
from schemas.mentorship.changes import ExtendRequest, StaffDecision
from schemas.mentorship.responses import SavedResponse
from schemas.mentorship.state import Answer, EmailRequest, MentorshipState, Plan, Progress
from schemas.mentorship.terms import Terms

BEGAN = datetime(2019, 5, 10, 13, tzinfo=UTC)
ROW = MentorshipRow(
    id="c-001",
    phase=Phase.ENABLING,
    outcome=None,
    concerned=False,
    started_at=BEGAN,
    takes_over=False,
    planned=True,
    closes_last=BEGAN + timedelta(days=90),
    answered=("mentor:check_in-1",),
)
SEEN = ExecutionSnapshot(
    state=ExecutionState.RUNNING,
    phase=Phase.ENABLING,
    needs_attention=False,
    next_due_at=BEGAN + timedelta(days=80),
    waiting_for=("mentee:check_in-1",),
)


def test_rows_that_agree_with_temporals_list_are_not_suspicious() -> None:
    assert not is_suspicious(ROW, SEEN)


@pytest.mark.parametrize(
    "differently",
    [
        {"phase": Phase.CLOSURE},
        {"phase": None},
        {"needs_attention": True},
        {"next_due_at": None},
        {"next_due_at": BEGAN + timedelta(days=91)},
        {"waiting_for": ("mentor:check_in-1",)},
        {"state": ExecutionState.INTERRUPTED},
        {"state": ExecutionState.COMPLETED},
        {"stuck": True},
    ],
    ids=str,
)
def test_whatever_temporal_lists_differently_is_suspicious(differently: dict[str, object]) -> None:
    assert is_suspicious(ROW, SEEN.model_copy(update=differently))


@pytest.mark.parametrize("differently", [{"started_at": None}, {"planned": False}, {"concerned": True}], ids=str)
def test_a_row_without_its_start_or_its_plan_is_suspicious(differently: dict[str, object]) -> None:
    assert is_suspicious(ROW.model_copy(update=differently), SEEN)


def test_ended_mentorship_needs_no_workflow_and_running_one_does() -> None:
    over = ROW.model_copy(update={"outcome": Outcome.COMPLETED, "closes_last": None})
    followed_up = ROW.model_copy(update={"outcome": Outcome.COMPLETED})
    assert not is_suspicious(over, None)
    assert is_suspicious(followed_up, None)
    assert is_suspicious(ROW, None)


def test_every_mentorship_is_inspected_once_in_seven_days() -> None:
    nights = [date(2019, 5, 10) + timedelta(days=days) for days in range(7)]
    for number in range(100):
        assert sum(is_due_for_inspection(f"c-{number:03}", night) for night in nights) == 1


def _executed(*, moments: int = 6) -> tuple[MentorshipState, Progress]:
    """Return a mentorship after its first moments, and its progress."""
    terms = Terms(mentorship_id="c-001", cohort_id="c", kickoff_on=date(2019, 5, 10))
    state = MentorshipState(terms=terms, plan=plan(terms, BEGAN))
    for _ in range(moments):
        moment = next_moment(state)
        assert moment is not None
        state = complete_moment(state, moment)
    assert state.plan is not None
    assert state.done_through is not None
    now = state.done_through
    progress = Progress(
        now=now, phase=phase_at(state, now), quarter=1, next_due_at=now, concerns=(), ends_on=state.plan.ends_on
    )
    return state, progress


def _mirrored(state: MentorshipState, progress: Progress) -> StoredMentorship:
    assert state.plan is not None
    return StoredMentorship(
        id="c-001",
        phase=progress.phase,
        outcome=progress.outcome,
        concerns=progress.concerns,
        ends_on=state.plan.ends_on,
        started=True,
        milestones=_rows(state.plan, {closing.milestone for closing in state.closings}),
    )


def _rows(planned: Plan, closed: set[str]) -> tuple[MilestoneRow, ...]:
    columns = MilestoneRow.model_fields.keys() - {"closed", "dropped"}
    return tuple(
        MilestoneRow(**{name: getattr(due, name) for name in columns}, closed=due.id in closed, dropped=False)
        for due in planned.milestones
    )


def _changed(stored: StoredMentorship, milestone: str, **changes: object) -> StoredMentorship:
    rows = tuple(row.model_copy(update=changes) if row.id == milestone else row for row in stored.milestones)
    return stored.model_copy(update={"milestones": rows})


def test_rows_that_mirror_their_workflow_have_no_drift() -> None:
    state, progress = _executed()
    assert list(find_drifts(_mirrored(state, progress), progress, state)) == []


def test_each_column_that_differs_is_named() -> None:
    state, progress = _executed()
    changes = {"phase": Phase.AFTER, "outcome": Outcome.COMPLETED, "concerns": (StaffReason.SILENT,), "started": False}
    [drift] = find_drifts(_mirrored(state, progress).model_copy(update=changes), progress, state)
    assert (drift.kind, drift.what) == (DriftKind.PROGRESS, ("started_at", "phase", "outcome", "concerns"))
    assert drift.repairable


def test_a_closing_that_was_not_recorded_is_mendable_and_one_too_many_is_not() -> None:
    state, progress = _executed()
    closed = state.closings[0].milestone
    [unmarked] = find_drifts(_changed(_mirrored(state, progress), closed, closed=False), progress, state)
    assert (unmarked.kind, unmarked.what, unmarked.repairable) == (DriftKind.CLOSINGS, (closed,), True)
    [ahead] = find_drifts(_changed(_mirrored(state, progress), "check_in-6", closed=True), progress, state)
    assert (ahead.kind, ahead.what, ahead.repairable) == (DriftKind.CLOSINGS, ("check_in-6",), False)


def test_a_closed_milestone_stays_where_it_closed_whatever_the_plan_says_now() -> None:
    state, progress = _executed()
    closed = next(closing.milestone for closing in state.closings if closing.milestone != "agreement")
    moved = {"closes_at": BEGAN, "closes_on": date(2019, 5, 10)}
    assert list(find_drifts(_changed(_mirrored(state, progress), closed, **moved), progress, state)) == []
    [drift] = find_drifts(_changed(_mirrored(state, progress), "check_in-6", **moved), progress, state)
    assert (drift.kind, drift.what) == (DriftKind.PLAN, ("check_in-6",))


def test_a_milestone_the_plan_has_no_more_is_drift_until_it_is_dropped_or_closed() -> None:
    state, progress = _executed()
    stored = _mirrored(state, progress)
    extra = stored.milestones[-1].model_copy(update={"id": "meeting-9"})
    for settled in ({"dropped": True}, {"closed": True}):
        rows = (*stored.milestones, extra.model_copy(update=settled))
        assert list(find_drifts(stored.model_copy(update={"milestones": rows}), progress, state)) == []
    [drift] = find_drifts(stored.model_copy(update={"milestones": (*stored.milestones, extra)}), progress, state)
    assert (drift.kind, drift.what) == (DriftKind.PLAN, ("meeting-9",))


def test_answer_that_would_change_the_state_is_unknown_to_its_workflow() -> None:
    state, progress = _executed()
    assert state.plan is not None
    opens_at = state.plan.milestone("check_in-1").opens_at
    answer = Answer(milestone="check_in-1", side=Side.MENTEE, received_at=opens_at, status=WindowStatus.PLANNED)
    response = SavedResponse(id="c-001/check_in-1/mentee", mentorship_id="c-001", answer=answer, changed=True)
    stored = _mirrored(state, progress).model_copy(update={"responses": (response,), "revisions": {response.id: 1}})
    [drift] = find_drifts(stored, progress, state)
    assert (drift.kind, drift.what) == (DriftKind.RESPONSES, (response.id,))
    assert list(find_drifts(stored, progress, state.model_copy(update={"answers": (answer,)}))) == []
    late = response.model_copy(
        update={"answer": answer.model_copy(update={"received_at": opens_at + timedelta(days=90)})}
    )
    assert list(find_drifts(stored.model_copy(update={"responses": (late,)}), progress, state)) == []


def test_answer_that_postgresql_has_no_more_is_lost_until_it_is_given_again() -> None:
    state, progress = _executed()
    answer = Answer(milestone="check_in-1", side=Side.MENTEE, received_at=BEGAN, revision=2)
    told = state.model_copy(update={"answers": (answer,)})
    stored = _mirrored(state, progress)
    for revisions in ({}, {"c-001/check_in-1/mentee": 1}):
        [drift] = find_drifts(stored.model_copy(update={"revisions": revisions}), progress, told)
        assert (drift.kind, drift.repairable) == (DriftKind.RESPONSES_LOST, False)
        assert drift.what == ("c-001/check_in-1/mentee",)
    again = stored.model_copy(update={"revisions": {"c-001/check_in-1/mentee": 2}})
    assert list(find_drifts(again, progress, told)) == []


def _extension(days: int, decision: str) -> StaffDecision:
    return StaffDecision(at=BEGAN + timedelta(days=days), change=ExtendRequest(months=1, decision=decision))


def test_decision_that_the_workflow_has_not_heard_of_is_told_again_and_rows_wait_for_it() -> None:
    state, progress = _executed()
    behind = _mirrored(state, progress).model_copy(
        update={"decisions": (_extension(40, "a"),), "ends_on": date(2020, 12, 10), "phase": Phase.CLOSURE}
    )
    drifts = list(find_drifts(behind, progress, state))
    assert [(drift.kind, drift.what, drift.repairable) for drift in drifts] == [
        (DriftKind.DECISIONS, ("extend of 2019-06-19",), True),
        (DriftKind.PROGRESS, ("phase",), False),
        (DriftKind.PLAN, ("ends_on",), False),
    ]


def test_decision_is_not_told_again_where_staff_decided_otherwise_since() -> None:
    state, progress = _executed()
    since = make_decision(state, _extension(50, "b"))
    since = since.model_copy(update={"plan": plan(since.terms, BEGAN), "pending_emails": ()})
    stored = _mirrored(since, progress).model_copy(update={"decisions": (_extension(40, "a"), _extension(50, "b"))})
    [drift] = find_drifts(stored, progress, since)
    assert (drift.kind, drift.what, drift.repairable) == (DriftKind.DECISIONS, ("extend of 2019-06-19",), False)


def test_decision_that_postgresql_has_no_more_is_recorded_again() -> None:
    state, progress = _executed()
    made = state.model_copy(update={"decisions": (_extension(40, "a"),)})
    [drift] = find_drifts(_mirrored(state, progress), progress, made)
    assert (drift.kind, drift.repairable) == (DriftKind.DECISIONS_UNRECORDED, True)


def test_email_that_was_enqueued_and_is_not_stored_is_written_again() -> None:
    state, progress = _executed()
    emails = tuple(_email(number, progress.now) for number in range(3))
    state = record_enqueued(state, emails, progress.now)
    stored = _mirrored(state, progress).model_copy(update={"emails": frozenset({"c-001/0", "c-001/2"})})
    [drift] = find_drifts(stored, progress, state)
    assert (drift.kind, drift.what) == (DriftKind.EMAILS_LOST, (f"check_in to mentor of {progress.now:%Y-%m-%d}",))
    assert drift.repairable
    # Nobody is emailed any more about a cohort that is archived.
    assert list(find_drifts(stored.model_copy(update={"emails": None}), progress, state)) == []


def test_workflow_keeps_what_it_enqueued_for_a_month_and_once() -> None:
    state, progress = _executed()
    old, new = _email(1, progress.now - timedelta(days=36)), _email(2, progress.now)
    state = state.model_copy(update={"pending_emails": (new,), "recent_emails": (old, new)})
    enqueued = record_enqueued(state, (new,), progress.now)
    assert (enqueued.pending_emails, enqueued.recent_emails) == ((), (new,))


def _email(number: int, at: datetime) -> EmailRequest:
    return EmailRequest(key=f"c-001/{number}", kind=EmailKind.CHECK_IN, to=Recipient.MENTOR, at=at)
