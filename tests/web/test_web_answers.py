"""Reading answers against their questions: what is kept, what is sent back, what workflows learn of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answers import LONGEST_TEXT, questions_for, read_answers, shown, to_answer
from schemas.forms import CHECK_IN, FORMS
from schemas.words import MilestoneKind, Side, WindowStatus

QUESTIONS = questions_for(MilestoneKind.CHECK_IN, Side.MENTOR)
NAMES = [question.name for question in QUESTIONS]
AT = datetime(2019, 8, 1, tzinfo=UTC)


def test_only_what_was_answered_is_kept() -> None:
    reading = read_answers(QUESTIONS, {"status": "met", "meetings": " ", "note_to_self": "\r\n", "role": "staff"})
    assert reading.answers == {"status": "met"}
    assert reading.problems == {}


def test_required_question_left_open_is_a_problem() -> None:
    assert read_answers(QUESTIONS, {}).problems == {"status": "Choose one of the answers."}


@pytest.mark.parametrize(("typed", "kept"), [("0", "0"), ("99", "99"), (" 3 ", "3"), ("007", "7"), ("00", "0")])
def test_whole_numbers_up_to_99_are_kept(typed: str, kept: str) -> None:
    assert read_answers(QUESTIONS, {"status": "met", "meetings": typed}).answers["meetings"] == kept


@pytest.mark.parametrize("typed", ["100", "-1", "1.5", "two", "1e1", "²", "٣", "1_0", "9" * 5000])
def test_anything_else_is_sent_back(typed: str) -> None:
    reading = read_answers(QUESTIONS, {"status": "met", "meetings": typed})
    assert reading.problems == {"meetings": "Write a whole number from 0 to 99, such as 3."}


@pytest.mark.parametrize(("name", "typed"), [("status", "unanswered"), ("satisfaction", "6"), ("call_requested", "on")])
def test_only_offered_answers_count(name: str, typed: str) -> None:
    assert set(read_answers(QUESTIONS, {"status": "met", name: typed}).problems) == {name}


def test_text_may_have_4000_characters_and_a_longer_one_is_counted() -> None:
    posted = {"status": "met", "note_to_self": "x\r\n" * 2001}
    assert read_answers(QUESTIONS, posted).problems == {
        "note_to_self": "This has 4,001 characters. Shorten it to 4,000 or fewer."
    }


@given(st.dictionaries(st.sampled_from([*NAMES, "other"]), st.text(max_size=50)))
def test_every_question_is_either_kept_or_a_problem_or_open(posted: dict[str, str]) -> None:
    reading = read_answers(QUESTIONS, posted)
    assert set(reading.answers) | set(reading.problems) <= set(NAMES)
    assert not set(reading.answers) & set(reading.problems)
    assert all(answer and len(answer) <= LONGEST_TEXT and "\x00" not in answer for answer in reading.answers.values())


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=50) | st.sampled_from(["met", "3", "yes"])))
def test_what_was_kept_is_kept_again_when_sent_again(posted: dict[str, str]) -> None:
    kept = read_answers(QUESTIONS, posted).answers
    assert read_answers(QUESTIONS, kept).answers == kept


def test_goals_are_asked_of_the_mentee_only() -> None:
    goals = ("Lead a meeting", "Write a grant")
    asked = questions_for(MilestoneKind.GOAL_CHECK_IN, Side.MENTEE, goals)
    assert [(question.name, question.label) for question in asked] == [("goal_1", goals[0]), ("goal_2", goals[1])]
    assert questions_for(MilestoneKind.GOAL_CHECK_IN, Side.MENTOR, goals) == ()


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("kind", list(FORMS))
def test_every_form_asks_each_question_once(kind: MilestoneKind, side: Side) -> None:
    names = [question.name for question in questions_for(kind, side, ("One", "Two"))]
    assert len(names) == len(set(names))


def test_answers_are_shown_in_the_words_they_were_picked_by() -> None:
    status, meetings, _, call, note = CHECK_IN.questions
    assert shown(status, "not_yet") == "Not yet"
    assert shown(call, "yes") == "Yes"
    assert shown(meetings, "3") == "3"
    assert shown(note, "met") == "met"


def test_workflow_learns_status_and_call_but_no_words() -> None:
    answer = to_answer(
        MilestoneKind.CHECK_IN,
        {"status": "planned", "call_requested": "yes", "note_to_self": "Bring the draft"},
        milestone="check_in-2",
        side=Side.MENTEE,
        revision=3,
        received_at=AT,
    )
    assert (answer.status, answer.call_requested, answer.revision) == (WindowStatus.PLANNED, True, 3)
    assert "draft" not in answer.model_dump_json()


def test_other_forms_have_no_window_status() -> None:
    answer = to_answer(
        MilestoneKind.CLOSURE_SURVEY,
        {"satisfaction": "4"},
        milestone="closure_survey",
        side=Side.MENTOR,
        revision=1,
        received_at=AT,
    )
    assert (answer.status, answer.call_requested) == (None, False)
