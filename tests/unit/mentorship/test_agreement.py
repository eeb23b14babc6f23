"""Rules of an agreement: who may write what, what must be settled, what the workflow learns (A26-A30, A34, A36)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mentorship.agreement import (
    agreed_of,
    agreement_problems,
    apply_answers,
    differences,
    goals_of,
    initial_contents,
    merge_contents,
)
from schemas.enums import GoalArea, Side
from schemas.forms.agreement import AGREEMENT, AREAS, CLAUSES, MOST_GOALS, SECTIONS, SHARED
from schemas.mentorship.state import Agreed
from schemas.mentorship.terms import Rhythm, TimelineSettings

STARTS, ENDS = date(2019, 5, 10), date(2020, 11, 10)
WHOLE = {"goal_1": "Lead", "meetings": "3", "goal_updates": "3", **{clause.name: "yes" for clause in CLAUSES}}
QUARTERS = "2019-08-10,2019-11-10,2020-02-10,2020-05-10,2020-08-10"

words = st.sampled_from(("", "one", "two"))
contents = st.fixed_dictionaries({question.name: words for question in SHARED}).map(
    lambda drawn: {name: said for name, said in drawn.items() if said}
)


def settle(**different: str) -> dict[str, str]:
    return agreement_problems(WHOLE | different, STARTS, ENDS)


def test_proposal_has_the_goals_at_intake_and_the_cohorts_rhythm() -> None:
    timeline = TimelineSettings(meetings_every_months=2, goal_check_in_every_months=6)
    assert initial_contents(["Lead", " ", "Write"], timeline) == {
        "goal_1": "Lead",
        "goal_2": "Write",
        "meetings": "2",
        "goal_updates": "6",
    }


def test_proposal_leaves_a_rhythm_open_that_pairs_cannot_choose() -> None:
    assert "meetings" not in initial_contents([], TimelineSettings(meetings_every_months=4))


def test_proposal_takes_as_many_goals_as_the_form_has() -> None:
    assert goals_of(initial_contents([f"goal {number}" for number in range(9)], TimelineSettings())) == tuple(
        f"goal {number}" for number in range(MOST_GOALS)
    )


def test_programs_three_areas_can_be_chosen_for_every_goal() -> None:
    offered = {choice.value for choice in AREAS}
    assert {GoalArea.GOAL_SETTING, GoalArea.NETWORKING, GoalArea.LEADERSHIP, "career", "other"} <= offered
    by_name = {question.name: question for question in AGREEMENT.questions}
    assert all(by_name[f"goal_{number}_area"].choices == AREAS for number in range(1, MOST_GOALS + 1))


def test_two_read_the_agreement_and_nobody_else_does() -> None:
    assert {question.readers for question in SHARED} == {("you", "partner")}
    assert [question.name for question in AGREEMENT.questions if question not in SHARED] == ["call_requested"]


def test_every_question_stands_in_one_section() -> None:
    placed = [question.name for section in SECTIONS for question in section.questions]
    assert sorted(placed) == sorted(question.name for question in AGREEMENT.questions)
    assert len(placed) == len(set(placed))


@given(contents, contents)
def test_mentor_changes_no_goal_and_mentee_no_comment(before: dict[str, str], answers: dict[str, str]) -> None:
    by_mentor, by_mentee = (apply_answers(before, side, answers) for side in (Side.MENTOR, Side.MENTEE))
    assert goals_of(by_mentor) == goals_of(before)
    assert by_mentee.get("comment") == before.get("comment")


@given(contents, contents)
def test_what_a_side_left_open_is_gone_and_what_it_wrote_is_there(
    before: dict[str, str], answers: dict[str, str]
) -> None:
    after = apply_answers(before, Side.MENTOR, answers)
    mentors = [question.name for question in SHARED if Side.MENTOR in question.asked]
    assert {name: after[name] for name in mentors if name in after} == {
        name: answers[name] for name in mentors if name in answers
    }


@given(contents, contents, st.sampled_from(Side))
def test_writing_the_same_again_changes_nothing(before: dict[str, str], answers: dict[str, str], side: Side) -> None:
    once = apply_answers(before, side, answers)
    assert apply_answers(once, side, once) == once


def test_goals_close_up_and_keep_their_areas() -> None:
    after = apply_answers(
        {}, Side.MENTEE, {"goal_2": "Write", "goal_2_area": "career", "goal_4": "Lead", "goal_5_area": "x"}
    )
    assert after == {"goal_1": "Write", "goal_1_area": "career", "goal_2": "Lead"}


def test_call_request_never_gets_into_an_agreement() -> None:
    assert apply_answers({}, Side.MENTEE, {"goal_1": "Lead", "call_requested": "yes"}) == {"goal_1": "Lead"}


def test_agreement_with_all_it_takes_can_be_agreed_to() -> None:
    assert settle() == {}


@pytest.mark.parametrize("missing", ["goal_1", "meetings", "goal_updates", *(clause.name for clause in CLAUSES)])
def test_each_thing_that_is_missing_is_named(missing: str) -> None:
    without = {name: said for name, said in WHOLE.items() if name != missing}
    assert list(agreement_problems(without, STARTS, ENDS)) == [missing]


@pytest.mark.parametrize("name", ["meetings", "goal_updates"])
def test_below_quarterly_needs_to_be_meant(name: str) -> None:
    assert list(settle(**{name: "6"})) == ["below_quarterly"]
    assert settle(**{name: "6"}, below_quarterly="yes") == {}


def test_own_dates_each_quarter_need_no_notice_and_a_longer_gap_does() -> None:
    assert settle(meetings="dates", meeting_dates=QUARTERS) == {}
    gap = QUARTERS.replace("2019-11-10,", "")
    assert list(settle(meetings="dates", meeting_dates=gap)) == ["below_quarterly"]
    assert settle(meetings="dates", meeting_dates=gap, below_quarterly="yes") == {}


def test_own_dates_that_stop_long_before_the_end_need_a_notice() -> None:
    assert list(settle(meetings="dates", meeting_dates="2019-08-10")) == ["below_quarterly"]


def test_dates_of_a_rhythm_that_was_not_chosen_do_not_matter() -> None:
    assert settle(meetings="3", meeting_dates="2031-01-01") == {}


@pytest.mark.parametrize("days", ["", "2019-05-09", "2020-11-11"])
def test_own_dates_have_to_be_there_and_within_the_mentorship(days: str) -> None:
    assert list(settle(meetings="dates", meeting_dates=days, below_quarterly="yes")) == ["meeting_dates"]


@pytest.mark.parametrize(
    ("locale", "problem"),
    [
        (
            "en_US",
            "May 9, 2019 is not within your mentorship, which lasts from May 10, 2019 to November 10, 2020.",
        ),
        ("en_GB", "9 May 2019 is not within your mentorship, which lasts from 10 May 2019 to 10 November 2020."),
    ],
)
def test_day_outside_the_mentorship_is_named_as_the_reader_writes_days(locale: str, problem: str) -> None:
    own = WHOLE | {"meetings": "dates", "meeting_dates": "2019-05-09", "below_quarterly": "yes"}
    assert agreement_problems(own, STARTS, ENDS, locale) == {"meeting_dates": problem}


@pytest.mark.parametrize("days", ["2019-05-10", "2020-11-10"])
def test_first_and_last_day_are_within_the_mentorship(days: str) -> None:
    assert settle(meetings="dates", meeting_dates=days, below_quarterly="yes") == {}


def test_workflow_learns_rhythms_and_how_many_goals_there_are() -> None:
    own = WHOLE | {"goal_2": "Write", "meetings": "dates", "meeting_dates": QUARTERS, "goal_updates": "1"}
    learned = agreed_of(own)
    assert learned == Agreed(
        meetings=Rhythm(on=tuple(date.fromisoformat(day) for day in QUARTERS.split(","))),
        goal_updates=Rhythm(every_months=1),
        goals=2,
    )
    assert agreed_of(own | {"meetings": "2"}).meetings == Rhythm(every_months=2)


def test_differences_are_those_questions_only_that_say_something_else() -> None:
    changed = differences({"contact": "By phone", "meetings": "3"}, {"meetings": "1", "ground_rules": "On time"})
    assert [(difference.question.name, difference.before, difference.after) for difference in changed] == [
        ("meetings", "3", "1"),
        ("contact", "By phone", ""),
        ("ground_rules", "", "On time"),
    ]


@given(contents, contents)
def test_without_differences_two_versions_say_the_same(one: dict[str, str], other: dict[str, str]) -> None:
    assert (not differences(one, other)) is (one == other)


@given(contents, contents, contents)
def test_merging_two_versions_loses_no_change(
    seen: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    together = merge_contents(seen, mine, theirs)
    for question in SHARED:
        name = question.name
        changed = mine if mine.get(name) != seen.get(name) else theirs
        assert together.get(name) == changed.get(name)
