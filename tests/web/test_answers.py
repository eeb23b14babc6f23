"""Reading answers against their questions: what is kept, what is sent back, what workflows learn of it."""

from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.forms import answer_for_workflow, answer_label, answers_readable_by, questions_for, read_answers
from schemas.enums import MilestoneKind, Side, WindowStatus
from schemas.forms.catalog import CLOSURE_SURVEY, FORMS, MEETING, Form, Question
from schemas.forms.questions import LONGEST_TEXT

QUESTIONS = questions_for(MilestoneKind.CHECK_IN, Side.MENTOR)
NAMES = [question.name for question in QUESTIONS]
AT = datetime(2019, 8, 1, tzinfo=UTC)


def test_only_what_was_answered_is_kept() -> None:
    reading = read_answers(QUESTIONS, {"status": "met", "meetings": " ", "note_to_self": "\r\n", "role": "staff"})
    assert reading.answers == {"status": "met"}
    assert reading.problems == {}


def test_required_question_left_open_is_a_problem() -> None:
    assert read_answers(QUESTIONS, {}).problems == {"status": "Please choose an answer."}


@pytest.mark.parametrize(("typed", "kept"), [("0", "0"), ("99", "99"), (" 3 ", "3"), ("007", "7"), ("00", "0")])
def test_whole_numbers_up_to_99_are_kept(typed: str, kept: str) -> None:
    assert read_answers(QUESTIONS, {"status": "met", "meetings": typed}).answers["meetings"] == kept


@pytest.mark.parametrize("typed", ["100", "-1", "1.5", "two", "1e1", "²", "٣", "1_0", "9" * 5000])
def test_anything_else_is_sent_back(typed: str) -> None:
    reading = read_answers(QUESTIONS, {"status": "met", "meetings": typed})
    assert reading.problems == {"meetings": "Please enter a whole number from 0 to 99, such as 3."}


@pytest.mark.parametrize(("name", "typed"), [("status", "unanswered"), ("satisfaction", "6"), ("call_requested", "on")])
def test_only_offered_answers_count(name: str, typed: str) -> None:
    assert set(read_answers(QUESTIONS, {"status": "met", name: typed}).problems) == {name}


def test_text_may_have_4000_characters_and_a_longer_one_is_counted() -> None:
    posted = {"status": "met", "note_to_self": "x\r\n" * 2001}
    assert read_answers(QUESTIONS, posted).problems == {
        "note_to_self": "This has 4,001 characters. Please shorten it to 4,000 or fewer."
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("leadership,networking", "networking,leadership"), ("other", "other"), ("other,other", "other")],
)
def test_several_ticks_are_kept_in_the_order_they_are_offered(typed: str, kept: str) -> None:
    assert read_answers(MEETING.questions, {"held": "held", "topics": typed}).answers["topics"] == kept


@pytest.mark.parametrize("typed", ["networking,salary", "networking,", ",", "Networking"])
def test_ticks_that_were_not_offered_are_sent_back(typed: str) -> None:
    assert set(read_answers(MEETING.questions, {"held": "held", "topics": typed}).problems) == {"topics"}


def test_days_are_kept_as_iso_dates() -> None:
    posted = {"held": "held", "held_on": "6/14/2019"}
    assert read_answers(MEETING.questions, posted).answers["held_on"] == "2019-06-14"
    days = Question(name="days", kind="dates", label="Days")
    assert read_answers([days], {"days": "9/1/2019\nJune 14, 2019"}).answers["days"] == "2019-06-14,2019-09-01"


@pytest.mark.parametrize("kind", ["date", "dates"])
def test_what_is_no_day_is_sent_back_with_how_to_write_it(kind: Literal["date", "dates"]) -> None:
    question = Question(name="day", kind=kind, label="Day")
    problem = read_answers([question], {"day": "soon"}).problems["day"]
    assert problem == "“soon” is not a date. Please write it like 5/10/2019 or 2019-05-10."


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
    asked = {question.name: question for question in (*QUESTIONS, *MEETING.questions)}
    assert answer_label(asked["status"], "not_yet") == "Not yet"
    assert answer_label(asked["call_requested"], "yes") == "Yes"
    assert answer_label(asked["meetings"], "3") == "3"
    assert answer_label(asked["note_to_self"], "met") == "met"
    assert answer_label(asked["topics"], "networking,leadership") == "Networking, Leadership"


def test_days_are_shown_as_their_reader_writes_days_and_what_is_none_as_it_was_typed() -> None:
    days = Question(name="days", kind="dates", label="Days")
    kept = "2019-06-14,2019-09-01"
    assert answer_label(days, kept) == "Friday, June 14, 2019\nSunday, September 1, 2019"
    assert answer_label(days, kept, "en_GB") == "Friday, 14 June 2019\nSunday, 1 September 2019"
    assert answer_label(days, "soon") == "soon"


def test_workflow_learns_status_and_call_but_no_words() -> None:
    answer = answer_for_workflow(
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
    answer = answer_for_workflow(
        MilestoneKind.CLOSURE_SURVEY,
        {"satisfaction": "4"},
        milestone="closure_survey",
        side=Side.MENTOR,
        revision=1,
        received_at=AT,
    )
    assert (answer.status, answer.call_requested) == (None, False)


@pytest.mark.parametrize(
    ("kind", "said", "met"),
    [
        (MilestoneKind.MEETING, {"held": "held"}, True),
        (MilestoneKind.MEETING, {"held": "planned"}, False),
        (MilestoneKind.MEETING, {"held": "not_this_time"}, False),
        (MilestoneKind.CHECK_IN, {"status": "met"}, True),
        (MilestoneKind.CHECK_IN, {"status": "planned"}, False),
        (MilestoneKind.CLOSING_CONVERSATION, {"held": "held"}, False),
    ],
)
def test_workflow_learns_that_a_meeting_was_held(kind: MilestoneKind, said: dict[str, str], met: bool) -> None:
    answer = answer_for_workflow(kind, said, milestone=f"{kind}-1", side=Side.MENTEE, revision=1, received_at=AT)
    assert answer.met is met


def test_confidence_is_asked_for_each_goal_of_the_mentee() -> None:
    names = [question.name for question in questions_for(MilestoneKind.SELF_ASSESSMENT, Side.MENTEE, ("One", "Two"))]
    assert names == ["isolation", "skills", "confidence", "confidence_1", "confidence_2"]
    names = [question.name for question in questions_for(MilestoneKind.SELF_ASSESSMENT, Side.MENTOR, ("One", "Two"))]
    assert names == ["isolation", "communication", "leadership"]


SURVEY = CLOSURE_SURVEY.for_side(Side.MENTEE)
SAID = {"satisfaction": "5", "takeaway": "Ask early.", "call_requested": "yes"}


def test_partner_reads_nothing_that_is_not_meant_for_them() -> None:
    assert answers_readable_by("partner", SURVEY, SAID) == {}
    assert answers_readable_by("you", SURVEY, SAID) == SAID
    assert answers_readable_by("staff", SURVEY, SAID) == {"call_requested": "yes"}
    assert answers_readable_by("staff_counts", SURVEY, SAID) == {"satisfaction": "5"}


def test_sentence_is_shared_with_whom_its_box_was_ticked_for_and_nobody_else() -> None:
    shared = answers_readable_by("partner", SURVEY, SAID | {"share_takeaway": "yes"})
    assert shared == {"takeaway": "Ask early.", "share_takeaway": "yes"}
    assert answers_readable_by("report", SURVEY, SAID | {"share_takeaway": "yes"}) == {}
    assert answers_readable_by("report", SURVEY, SAID | {"quote_me": "yes"}) == {"takeaway": "Ask early."}


def test_what_was_not_asked_is_nobodys_to_read() -> None:
    assert answers_readable_by("you", SURVEY, {"learned": "5"}) == {}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_wish_for_a_call_is_never_the_partners_to_read(form: Form) -> None:
    for question in form.questions:
        assert "you" in question.readers
        if question.name == "call_requested":
            assert question.readers == ("you", "staff")
            assert question.consents == ()


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_staff_never_read_what_people_wrote(form: Form) -> None:
    for question in form.questions:
        if question.kind == "text":
            assert not {"staff", "staff_counts"} & {*question.readers, *(c.reader for c in question.consents)}
