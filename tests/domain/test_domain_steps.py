"""What a mentorship does next, with and without answers (A22, A27)."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest

from domain.forecast import forecast
from domain.steps import (
    Moment,
    after,
    key_of,
    kind_of,
    next_moment,
    plan_of,
    received,
)
from schemas.mentorship import Answer, MentorshipState, StaffNote
from schemas.words import EmailKind, MilestoneKind, Outcome, Recipient, Side, StaffReason, WindowStatus

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
        due = [answer for answer in waiting if answer.received_at < moment.at]
        if due:
            waiting = waiting[len(due) :]
            for answer in due:
                state = received(state, answer)
            continue
        lived.append(moment)
        state = after(state, moment)
    return state, lived


def _notes(lived: Iterable[Moment]) -> list[StaffNote]:
    return [note for moment in lived for note in moment.notes]


def _asked(state: MentorshipState, lived: Iterable[Moment], side: Side) -> list[str]:
    return [
        f"{ask.milestone}+{ask.occurrence}"
        for moment in lived
        for email in moment.emails
        if email.to == Recipient(side)
        for ask in email.asks
    ]


@pytest.fixture
def windows(begun: MentorshipState) -> list[str]:
    return [due.id for due in plan_of(begun).milestones if due.kind is MilestoneKind.CHECK_IN]


def test_silent_pair_is_written_to_43_times_and_still_ends_on_its_day(begun: MentorshipState) -> None:
    ended, lived = _live(begun)
    assert sum(len(moment.emails) for moment in lived) == 43
    assert [moment.at for moment in lived if moment.ends] == [plan_of(begun).ends_at]
    assert ended.outcome is Outcome.COMPLETED
    assert next_moment(ended) is None


def test_silence_is_recorded_as_unanswered_and_never_as_an_answer(begun: MentorshipState, windows: list[str]) -> None:
    ended, _ = _live(begun)
    closings = {closing.milestone: closing for closing in ended.closings}
    assert set(closings) == {due.id for due in plan_of(begun).milestones if due.asked}
    assert ended.answers == ()
    for window in windows:
        said = closings[window]
        assert (said.mentor, said.mentee) == (WindowStatus.UNANSWERED, WindowStatus.UNANSWERED)
        assert said.silent == (MENTOR, MENTEE)
    assert closings[SURVEY].mentor is None


def test_staff_hear_of_a_silent_pairs_first_contact_and_of_every_second_window(begun: MentorshipState) -> None:
    notes = _notes(_live(begun)[1])
    assert [(note.reason, note.milestone) for note in notes] == [
        (StaffReason.NO_FIRST_CONTACT, FIRST_CONTACT),
        (StaffReason.SILENT, "check_in-2"),
        (StaffReason.SILENT, "check_in-4"),
        (StaffReason.SILENT, "check_in-6"),
    ]
    told_at = {due.id: due.told_at for due in plan_of(begun).milestones}
    assert [(note.milestone, note.at) for note in notes] == [
        (milestone, told_at[milestone]) for milestone in (FIRST_CONTACT, "check_in-2", "check_in-4", "check_in-6")
    ]


@pytest.mark.parametrize("side", Side)
def test_either_side_settles_first_contact_for_both(begun: MentorshipState, side: Side) -> None:
    state, lived = _live(begun, [_answer(begun, FIRST_CONTACT, side, days_before=15)])
    assert StaffReason.NO_FIRST_CONTACT not in [note.reason for note in _notes(lived)]
    assert "first_contact+1" not in _asked(begun, lived, MENTOR)
    assert next(each for each in state.closings if each.milestone == FIRST_CONTACT).silent == ()


def test_mentee_reads_of_first_contact_once_and_is_not_reminded_of_the_mentors_task(begun: MentorshipState) -> None:
    asked = _asked(begun, _live(begun)[1], MENTEE)
    assert [ask for ask in asked if ask.startswith(FIRST_CONTACT)] == ["first_contact+0"]


def test_one_side_meeting_is_good_news_for_the_window(begun: MentorshipState, windows: list[str]) -> None:
    met = [_answer(begun, window, MENTEE, status=WindowStatus.MET) for window in windows[1::2]]
    told = [note.reason for note in _notes(_live(begun, met)[1])]
    assert StaffReason.SILENT not in told


@pytest.mark.parametrize("status", [WindowStatus.PLANNED, WindowStatus.NOT_YET])
def test_two_windows_without_a_meeting_reach_staff_although_both_answer(
    begun: MentorshipState, windows: list[str], status: WindowStatus
) -> None:
    said = [_answer(begun, window, side, status=status) for window in windows[:2] for side in Side]
    told = [note.milestone for note in _notes(_live(begun, said)[1]) if note.reason is StaffReason.SILENT]
    assert told == ["check_in-2", "check_in-4", "check_in-6"]


def test_meeting_starts_the_count_of_unmet_windows_anew(begun: MentorshipState) -> None:
    met = [_answer(begun, "check_in-3", MENTOR, status=WindowStatus.MET)]
    told = [note.milestone for note in _notes(_live(begun, met)[1]) if note.reason is StaffReason.SILENT]
    assert told == ["check_in-2", "check_in-5"]


def test_answering_stops_the_reminders_of_that_side_only(begun: MentorshipState) -> None:
    _, lived = _live(begun, [_answer(begun, "check_in-1", MENTOR, days_before=15, status=WindowStatus.PLANNED)])
    mentor, mentee = (_asked(begun, lived, side) for side in Side)
    assert [ask for ask in mentor if ask.startswith("check_in-1")] == ["check_in-1+0"]
    assert [ask for ask in mentee if ask.startswith("check_in-1")] == ["check_in-1+0", "check_in-1+1", "check_in-1+2"]


def test_answer_before_the_opening_makes_the_email_needless(begun: MentorshipState) -> None:
    _, lived = _live(begun, [_answer(begun, "check_in-1", MENTOR, days_before=30, status=WindowStatus.MET)])
    assert not [ask for ask in _asked(begun, lived, MENTOR) if ask.startswith("check_in-1")]


def test_merged_email_drops_what_is_answered_and_becomes_one_of_another_kind(begun: MentorshipState) -> None:
    merged = next(email for email in plan_of(begun).emails if len(email.asks) == 3)
    assert (kind_of(begun, merged), merged.to) == (EmailKind.CHECK_IN, Recipient.MENTEE)
    told = [_answer(begun, "check_in-6", MENTEE, days_before=25, status=WindowStatus.MET)]
    told.append(_answer(begun, "goal_check_in-6", MENTEE, days_before=25))
    state, lived = _live(begun, told, until=merged.at + timedelta(hours=1))
    email = next(email for email in lived[-1].emails if email.to is Recipient.MENTEE)
    assert [ask.milestone for ask in email.asks] == [SURVEY]
    assert kind_of(state, email) is EmailKind.CLOSURE_SURVEY
    assert key_of(state, email) == "mile-2019-001/closure_survey/closure_survey/mentee/0"


def test_mentorship_without_a_plan_says_so(begun: MentorshipState) -> None:
    ask: Callable[[MentorshipState], object] = next_moment
    with pytest.raises(ValueError, match="mile-2019-001 has no plan yet"):
        ask(begun.model_copy(update={"plan": None}))


def test_forecast_says_why_and_what_follows_in_silence(begun: MentorshipState) -> None:
    reminder = next(line for line in forecast(begun) if line.kind is EmailKind.FIRST_CONTACT)
    assert reminder.why == "first_contact is not answered yet, 11 days are left"
    assert reminder.if_nobody_replies == "staff are told after 2019-05-31"
    note = next(line for line in forecast(begun) if line.to is Recipient.STAFF)
    assert note.why == "no_first_contact at first_contact"
