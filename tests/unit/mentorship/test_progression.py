"""What a mentorship does next, with and without answers (A22, A27, A30)."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest

from domain.mentorship.concerns import concerns
from domain.mentorship.progression import (
    Moment,
    complete_moment,
    email_kind,
    next_moment,
    phase_at,
    plan_of,
    planned_email_key,
    record_answer,
    settled_windows,
    wait_summary,
    waiting_for,
)
from schemas.enums import EmailKind, MilestoneKind, Outcome, Phase, Recipient, Side, StaffReason, WindowStatus
from schemas.mentorship.state import Answer, MentorshipState

MENTOR, MENTEE = Side.MENTOR, Side.MENTEE
FIRST_CONTACT, SURVEY = MilestoneKind.FIRST_CONTACT, MilestoneKind.CLOSURE_SURVEY


def _answer(state: MentorshipState, milestone: str, side: Side, *, days_before: int = 10, **said: object) -> Answer:
    at = plan_of(state).milestone(milestone).closes_at - timedelta(days=days_before)
    return Answer.model_validate({"milestone": milestone, "side": side, "received_at": at, **said})


def _live(
    state: MentorshipState, answers: Iterable[Answer] = (), *, until: datetime | None = None
) -> tuple[MentorshipState, list[Moment]]:
    """Live on, each answer taken in before the first moment after it came."""
    waiting, lived = sorted(answers, key=lambda answer: answer.received_at), []
    while (moment := next_moment(state)) and (until is None or moment.at < until):
        if waiting and waiting[0].received_at < moment.at:
            state = record_answer(state, waiting.pop(0))
            continue
        lived.append(moment)
        state = complete_moment(state, moment)
    return state, lived


def _milestones_asked(lived: Iterable[Moment], side: Side) -> list[str]:
    return [
        f"{ask.milestone}+{ask.occurrence}"
        for moment in lived
        for email in moment.emails
        if email.to == Recipient(side)
        for ask in email.asks
    ]


def test_silent_pair_is_written_to_71_times_and_still_ends_on_its_day(begun: MentorshipState) -> None:
    ended, lived = _live(begun)
    assert sum(len(moment.emails) for moment in lived) == 71
    assert [moment.at for moment in lived if moment.ends] == [plan_of(begun).ends_at]
    assert ended.outcome is Outcome.COMPLETED
    assert next_moment(ended) is None


def test_silence_is_recorded_as_unanswered_and_never_as_an_answer(begun: MentorshipState) -> None:
    ended, _ = _live(begun)
    closings = {closing.milestone: closing for closing in ended.closings}
    assert set(closings) == {due.id for due in plan_of(begun).milestones if due.asked}
    assert ended.answers == ()
    for window in (f"check_in-{number}" for number in range(1, 7)):
        said = closings[window]
        assert (said.mentor, said.mentee) == (WindowStatus.UNANSWERED, WindowStatus.UNANSWERED)
        assert said.silent == (MENTOR, MENTEE)
    assert closings[SURVEY].mentor is None


@pytest.mark.parametrize("side", Side)
def test_either_side_settles_first_contact_for_both(begun: MentorshipState, side: Side) -> None:
    state, lived = _live(begun, [_answer(begun, FIRST_CONTACT, side, days_before=15)])
    assert StaffReason.NO_FIRST_CONTACT not in concerns(state.model_copy(update={"outcome": None}))
    assert "first_contact+1" not in _milestones_asked(lived, MENTOR)
    assert next(closing for closing in state.closings if closing.milestone == FIRST_CONTACT).silent == ()


def test_mentee_reads_of_first_contact_once_and_is_not_reminded_of_the_mentors_task(begun: MentorshipState) -> None:
    milestones = _milestones_asked(_live(begun)[1], MENTEE)
    assert [ask for ask in milestones if ask.startswith(FIRST_CONTACT)] == ["first_contact+0"]


def test_answering_stops_the_reminders_of_that_side_only(begun: MentorshipState) -> None:
    _, lived = _live(begun, [_answer(begun, "check_in-1", MENTOR, days_before=15, status=WindowStatus.PLANNED)])
    mentor, mentee = (_milestones_asked(lived, side) for side in Side)
    assert [ask for ask in mentor if ask.startswith("check_in-1")] == ["check_in-1+0"]
    assert [ask for ask in mentee if ask.startswith("check_in-1")] == ["check_in-1+0", "check_in-1+1", "check_in-1+2"]


def test_answer_from_before_the_opening_does_not_settle_the_window(begun: MentorshipState) -> None:
    _, lived = _live(begun, [_answer(begun, "check_in-1", MENTOR, days_before=30, status=WindowStatus.MET)])
    assert "check_in-1+0" in _milestones_asked(lived, MENTOR)


def test_merged_email_drops_what_is_answered_and_becomes_one_of_another_kind(begun: MentorshipState) -> None:
    merged = next(email for email in plan_of(begun).emails if len(email.asks) == 4)
    assert (email_kind(begun, merged), merged.to) == (EmailKind.CHECK_IN, Recipient.MENTEE)
    opens_at = plan_of(begun).milestone("check_in-6").opens_at
    state = begun
    for milestone in ("check_in-6", "goal_check_in-6"):
        state = record_answer(state, Answer(milestone=milestone, side=MENTEE, received_at=opens_at))
    state, lived = _live(state, until=merged.at + timedelta(hours=1))
    email = next(email for email in lived[-1].emails if email.to is Recipient.MENTEE)
    assert [ask.milestone for ask in email.asks] == [SURVEY, "self_assessment-3"]
    assert email_kind(state, email) is EmailKind.CLOSURE_SURVEY
    assert planned_email_key(state, email) == "mile-2019-001/closure_survey/closure_survey@2020-10-20/mentee/0"


# No email leaves at this moment.
WINDOW = "check_in-2"


@pytest.mark.parametrize(
    ("mentor", "mentee", "is_noticed"),
    [
        (WindowStatus.MET, WindowStatus.MET, False),
        (WindowStatus.PLANNED, WindowStatus.MET, False),
        # Two windows without a meeting are a concern.
        (WindowStatus.PLANNED, WindowStatus.NOT_YET, True),
        (WindowStatus.MET, None, True),
        (None, None, True),
    ],
)
def test_window_closes_without_a_timer_where_both_answered_and_somebody_met(
    begun: MentorshipState, mentor: WindowStatus | None, mentee: WindowStatus | None, *, is_noticed: bool
) -> None:
    said = ((MENTOR, mentor), (MENTEE, mentee))
    answers = [_answer(begun, WINDOW, side, status=status) for side, status in said if status]
    # The goals are asked about together with the check-in, and close with it.
    goals = _answer(begun, "goal_check_in-2", MENTEE)
    state, lived = _live(begun, [*answers, goals])
    closes_at = plan_of(begun).milestone(WINDOW).closes_at
    assert (closes_at in [moment.at for moment in lived]) == is_noticed
    closed_at = next(moment.at for moment in lived if WINDOW in [due.id for due in moment.closes])
    assert closed_at == closes_at or not is_noticed
    closing = next(closing for closing in state.closings if closing.milestone == WINDOW)
    assert (closing.mentor, closing.mentee) == (mentor or "unanswered", mentee or "unanswered")


@pytest.mark.parametrize(
    ("said", "is_closed"),
    [
        ((WindowStatus.MET, WindowStatus.PLANNED), True),
        # These have a timer, and their last answers may not be known yet.
        ((WindowStatus.PLANNED, WindowStatus.PLANNED), False),
        ((WindowStatus.MET,), False),
        ((), False),
    ],
)
def test_only_what_closed_without_a_timer_closes_before_a_new_plan(
    begun: MentorshipState, said: tuple[WindowStatus, ...], *, is_closed: bool
) -> None:
    state, closes_at = begun, plan_of(begun).milestone(WINDOW).closes_at
    for side, status in zip(Side, said, strict=False):
        state = record_answer(state, _answer(begun, WINDOW, side, status=status))
    closed = {due.id for due in settled_windows(state, closes_at)}
    assert (WINDOW in closed) == is_closed
    assert closed <= {WINDOW}
    assert settled_windows(state, closes_at - timedelta(seconds=1)) == ()


def test_mentorship_waits_for_its_last_window_though_everyone_has_answered(begun: MentorshipState) -> None:
    last = max((due for due in plan_of(begun).milestones if due.asked), key=lambda due: due.closes_at)
    answers = [_answer(begun, last.id, side) for side in last.asked]
    _, lived = _live(begun, answers)
    assert lived[-1].at == last.closes_at
    assert last.id in [due.id for due in lived[-1].closes]


def test_new_version_of_the_agreement_is_awaited_from_both_again(begun: MentorshipState) -> None:
    agreement = plan_of(begun).milestone(MilestoneKind.AGREEMENT)
    at = agreement.opens_at + timedelta(hours=1)
    said = {"milestone": agreement.id, "received_at": at}
    state = record_answer(begun, Answer.model_validate({**said, "side": MENTOR, "version": 1, "confirmed": True}))
    assert "mentor:agreement" not in waiting_for(state, at)
    assert "mentee:agreement" in waiting_for(state, at)
    state = record_answer(state, Answer.model_validate({**said, "side": MENTEE, "version": 2, "confirmed": True}))
    assert "mentor:agreement" in waiting_for(state, at)
    assert "mentee:agreement" not in waiting_for(state, at)


def test_phases_follow_zachary(begun: MentorshipState) -> None:
    drawn = plan_of(begun)
    moments = {due.id: due.opens_at for due in drawn.milestones}
    phases = {name: phase_at(begun, moments[name]) for name in ("welcome", "agreement", "check_in-1", SURVEY)}
    assert list(phases.values()) == [Phase.PREPARING, Phase.NEGOTIATING, Phase.ENABLING, Phase.CLOSURE]
    agreed = begun.model_copy(update={"terms": begun.terms.model_copy(update={"agreed_on": drawn.ends_on})})
    assert phase_at(agreed, moments["agreement"]) is Phase.ENABLING
    assert phase_at(begun, drawn.ends_at) is Phase.AFTER


def test_summary_says_when_and_what(begun: MentorshipState) -> None:
    moment = next_moment(begun)
    assert moment is not None
    assert wait_summary(moment) == "2019-05-10 14:00Z welcome to mentee, welcome to mentor"


def test_mentorship_without_a_plan_says_so(begun: MentorshipState) -> None:
    ask: Callable[[MentorshipState], object] = next_moment
    with pytest.raises(ValueError, match="mile-2019-001 has no plan yet"):
        ask(begun.model_copy(update={"plan": None}))
