"""Why staff should look at a mentorship: what raises a concern, and what settles it (A27, A31, A34)."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from domain.mentorship.concerns import concerns
from domain.mentorship.progression import complete_moment, next_moment, plan_of
from domain.mentorship.response_effects import apply_answer, record_undeliverable, resolve_concerns
from schemas.enums import MilestoneKind, Side, StaffReason, WindowStatus
from schemas.mentorship.state import Agreed, Answer, MentorshipState
from schemas.mentorship.terms import Rhythm
from tests.unit.mentorship.histories import AN_HOUR, redrawn

CONTACT, AGREEMENT, SILENT = StaffReason.NO_FIRST_CONTACT, StaffReason.NO_AGREEMENT, StaffReason.SILENT
MET, PLANNED, NOT_YET = WindowStatus.MET, WindowStatus.PLANNED, WindowStatus.NOT_YET
QUARTERLY = Rhythm(every_months=3)
Said = tuple[str, Side, dict[str, object]]


def _answered(milestone: str, side: Side, **answers: object) -> Said:
    return milestone, side, answers


def _windows(state: MentorshipState, answers: Iterable[Said] = ()) -> dict[str, set[StaffReason]]:
    """Live to the end; return what concerns staff after each milestone closed. Answers come a day before the close."""
    waiting, raised = list(answers), dict[str, set[StaffReason]]()
    while moment := next_moment(state):
        closing_soon = {due.id: due.closes_at for due in plan_of(state).milestones}
        due = [
            pending for pending in waiting if closing_soon.get(pending[0], moment.at) - timedelta(days=1) < moment.at
        ]
        if due:
            waiting.remove(due[0])
            milestone, side, words = due[0]
            at = closing_soon[milestone] - timedelta(days=1)
            answer = Answer.model_validate({"milestone": milestone, "side": side, "received_at": at, **words})
            state = redrawn(apply_answer(state, answer), at)
            continue
        state = complete_moment(state, moment)
        raised |= {closed.id: set(concerns(state)) for closed in moment.closes}
    return raised


def test_silent_pair_raises_one_concern_after_the_other_until_it_ends(begun: MentorshipState) -> None:
    raised = _windows(begun)
    assert raised[MilestoneKind.FIRST_CONTACT] == {CONTACT}
    assert raised[MilestoneKind.AGREEMENT] == raised["check_in-1"] == {CONTACT, AGREEMENT}
    assert raised["check_in-2"] == raised["check_in-5"] == {CONTACT, AGREEMENT, SILENT}
    assert raised["check_in-6"] == raised["follow_up-2"] == set()


def test_agreement_settles_both_what_was_late_and_the_first_contact(begun: MentorshipState) -> None:
    agreed = Agreed(meetings=QUARTERLY, goal_updates=QUARTERLY, goals=1)
    late = apply_answer(
        _executed_past(begun, MilestoneKind.AGREEMENT),
        Answer(
            milestone=MilestoneKind.AGREEMENT,
            side=Side.MENTEE,
            received_at=plan_of(begun).milestone(MilestoneKind.AGREEMENT).closes_at + AN_HOUR,
            version=1,
            confirmed=True,
            agreed=agreed,
        ),
    )
    assert concerns(_executed_past(begun, MilestoneKind.AGREEMENT)) == (CONTACT, AGREEMENT)
    assert concerns(late) == ()


def _executed_past(state: MentorshipState, milestone: str) -> MentorshipState:
    closes_at = plan_of(state).milestone(milestone).closes_at
    while (moment := next_moment(state)) and moment.at <= closes_at:
        state = complete_moment(state, moment)
    return state


def test_meeting_settles_that_nobody_made_contact(begun: MentorshipState) -> None:
    assert CONTACT not in _windows(begun, [_answered("check_in-1", Side.MENTEE, status=MET)])["check_in-1"]


@pytest.mark.parametrize("status", [PLANNED, NOT_YET])
def test_two_windows_without_a_meeting_concern_staff_although_both_answer(
    begun: MentorshipState, status: WindowStatus
) -> None:
    answers = [_answered(f"check_in-{number}", side, status=status) for number in (1, 2) for side in Side]
    raised = _windows(begun, answers)
    assert SILENT not in raised["check_in-1"]
    assert SILENT in raised["check_in-2"]


@pytest.mark.parametrize("side", Side)
def test_one_side_having_met_is_good_news_for_the_window(begun: MentorshipState, side: Side) -> None:
    answers = [_answered(f"check_in-{number}", side, status=MET) for number in (2, 4, 6)]
    assert not any(SILENT in raised for raised in _windows(begun, answers).values())


def test_meeting_ends_the_concern_and_restarts_the_count(begun: MentorshipState) -> None:
    raised = _windows(begun, [_answered("check_in-3", Side.MENTOR, status=MET)])
    windows = [f"check_in-{number}" for number in range(1, 6)]
    assert [SILENT in raised[window] for window in windows] == [False, True, False, False, True]


def test_call_and_refused_address_concern_staff_until_they_attended(begun: MentorshipState) -> None:
    at = plan_of(begun).emails[0].at + AN_HOUR
    call = Answer(milestone="first_contact", side=Side.MENTEE, received_at=at, call_requested=True)
    state = record_undeliverable(apply_answer(begun, call), Side.MENTOR, at).model_copy(
        update={"unrecognized_messages": 1}
    )
    assert concerns(state) == (StaffReason.CALL_REQUESTED, StaffReason.UNDELIVERABLE, StaffReason.NOT_UNDERSTOOD)
    assert concerns(resolve_concerns(state)) == ()
