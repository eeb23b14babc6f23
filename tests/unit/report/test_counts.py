"""What participants answered, counted again by hand: means of the same people, choices by pair, sums (A13-A18)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.forms import questions_for
from domain.report.figures import make_report
from schemas.enums import MilestoneKind, Side
from schemas.forms.catalog import CALL_REQUEST, FORMS
from schemas.report.figures import CourseFigure, Report
from schemas.report.records import CohortRecords, ResponseRecord

ASSESSMENT, CHECK_IN, MEETING = MilestoneKind.SELF_ASSESSMENT, MilestoneKind.CHECK_IN, MilestoneKind.MEETING
POINTS = st.integers(1, 5)
PEOPLE = [f"P{number:02}" for number in range(1, 9)]
# What each person answered at the start, half-way and at the end.
RATED = st.dictionaries(st.tuples(st.sampled_from(PEOPLE), st.integers(1, 3)), POINTS, max_size=24)
COUNTED = st.dictionaries(
    st.tuples(st.sampled_from(PEOPLE), st.integers(1, 6), st.sampled_from(Side)), st.integers(0, 5), max_size=40
)


def response(
    form: MilestoneKind, person: str, side: Side = Side.MENTEE, number: int = 0, **answers: str
) -> ResponseRecord:
    return ResponseRecord(
        form=form, side=side, answers=answers, number=number, mentorship=f"of-{person}", person=person
    )


def report_of(*responses: ResponseRecord) -> Report:
    return make_report(CohortRecords(cohort_id="c", responses=responses))


def course_of(report: Report, form: MilestoneKind, question: str, side: Side = Side.MENTEE) -> CourseFigure:
    return next(
        figure for figure in report.courses if (figure.form, figure.question, figure.side) == (form, question, side)
    )


def counts_of(report: Report, question: str, side: Side | None = None, number: int = 0) -> dict[str, int | None]:
    (figure,) = [
        figure for figure in report.choices if (figure.question, figure.side, figure.number) == (question, side, number)
    ]
    return {choice.label: choice.count for choice in figure.choices}


@given(rated=RATED)
def test_before_and_after_are_means_of_those_who_answered_both_times(rated: dict[tuple[str, int], int]) -> None:
    responses = [response(ASSESSMENT, person, number=at, isolation=str(point)) for (person, at), point in rated.items()]
    courses = report_of(*responses).courses
    assert bool(courses) == bool(rated)
    both = [person for person in PEOPLE if {(person, 1), (person, 3)} <= rated.keys()]
    for course in courses:
        assert [point.number for point in course.points] == [1, 2, 3]
        for point in course.points:
            own = [rated[person, point.number] for person in both if (person, point.number) in rated]
            assert point.answered == len(own)
            assert point.mean == (pytest.approx(sum(own) / len(own), abs=0.005) if len(own) > 4 else None)


def test_everybody_is_compared_with_themselves_across_a_change_of_mentor() -> None:
    first = [response(ASSESSMENT, person, number=1, skills="2") for person in PEOPLE[:5]]
    last = [
        response_record.model_copy(update={"mentorship": "next", "number": 3, "answers": {"skills": "4"}})
        for response_record in first
    ]
    points = course_of(report_of(*first, *last), ASSESSMENT, "skills").points
    assert [(point.answered, point.mean) for point in points] == [(5, 2.0), (0, None), (5, 4.0)]


def test_each_scale_of_the_self_assessment_is_compared_for_the_side_it_is_put_to() -> None:
    responses = [
        response(
            ASSESSMENT, f"{side}{number}", side, at, **{q.name: "3" for q in questions_for(ASSESSMENT, side, "ab")}
        )
        for side, number, at in product(Side, range(5), (1, 3))
    ]
    courses = {(figure.side, figure.question): figure for figure in report_of(*responses).courses}
    mentors, mentees = ("isolation", "communication", "leadership"), ("isolation", "skills", "confidence", "own_goals")
    assert list(courses) == [*((Side.MENTOR, name) for name in mentors), *((Side.MENTEE, name) for name in mentees)]
    assert {point.mean for course in courses.values() for point in course.points} == {3.0, None}
    assert courses[Side.MENTOR, "isolation"].ends == ("1 – never", "5 – very often")


def test_who_rates_several_goals_counts_once_by_their_mean() -> None:
    start = [response(ASSESSMENT, person, number=1, confidence_1="1", confidence_2="4") for person in PEOPLE[:5]]
    end = [response(ASSESSMENT, person, number=3, confidence_1="5") for person in PEOPLE[:5]]
    points = course_of(report_of(*start, *end), ASSESSMENT, "own_goals").points
    assert [(point.answered, point.mean) for point in points] == [(5, 2.5), (0, None), (5, 5.0)]


def test_satisfaction_is_shown_check_in_by_check_in_for_all_who_answered() -> None:
    responses = [response(CHECK_IN, person, number=1, satisfaction="4") for person in PEOPLE]
    responses += [response(CHECK_IN, person, number=2, satisfaction="5") for person in PEOPLE[:4]]
    points = course_of(report_of(*responses), CHECK_IN, "satisfaction").points
    assert [(point.number, point.answered, point.mean) for point in points] == [(1, 8, 4.0), (2, 4, None)]


@given(counted=COUNTED)
def test_introductions_count_once_each_time_by_the_larger_number(counted: dict[tuple[str, int, Side], int]) -> None:
    responses = [
        response(CHECK_IN, person, side, at, introductions=str(count)) for (person, at, side), count in counted.items()
    ]
    sums = {figure.question: figure for figure in report_of(*responses).sums}
    by_pair = {
        person: sum(
            max(counted.get((person, at, Side.MENTOR), 0), counted.get((person, at, Side.MENTEE), 0))
            for at in range(1, 7)
        )
        for person in {person for person, _, _ in counted}
    }
    if len(by_pair) < 5:
        assert all((figure.total, figure.with_some) == (None, None) for figure in sums.values())
    else:
        figure = sums["introductions"]
        with_some = len(by_pair) - list(by_pair.values()).count(0)
        assert figure.answered == len(by_pair)
        assert figure.total == (None if 0 < with_some < 5 else sum(by_pair.values()))
        assert figure.with_some == (with_some if with_some in {0, len(by_pair)} else None)


def test_opportunities_are_counted_of_those_who_could_tick_them() -> None:
    responses = [response(CHECK_IN, person, number=at, status="met") for person in PEOPLE[:6] for at in (1, 2)]
    responses += [response(CHECK_IN, person, number=at, opportunity="yes") for person in PEOPLE[:6] for at in (3, 4)]
    responses += [response(CHECK_IN, "P08", Side.MENTOR, 1, status="met")]
    (figure,) = [figure for figure in report_of(*responses).sums if figure.question == "opportunity"]
    assert (figure.answered, figure.with_some, figure.total) == (6, 6, 12)


def test_what_few_pairs_counted_is_withheld_altogether() -> None:
    responses = [response(CHECK_IN, person, number=1, introductions="0") for person in PEOPLE[:6]]
    responses += [response(CHECK_IN, "P01", number=2, introductions="3")]
    (figure,) = [figure for figure in report_of(*responses).sums if figure.question == "introductions"]
    assert (figure.answered, figure.with_some, figure.total) == (6, None, None)


def test_meeting_both_report_is_one_meeting_and_its_topics_are_both_sides() -> None:
    responses = [response(MEETING, person, number=1, held="planned", topics="networking") for person in PEOPLE[:5]]
    responses += [
        response(MEETING, person, Side.MENTOR, 1, held="held", topics="leadership,networking") for person in PEOPLE[:5]
    ]
    responses += [response(MEETING, "P01", Side.MENTOR, 2, held="held", topics="advocacy")]
    report = report_of(*responses)
    assert list(counts_of(report, "held").values()) == [6, 0, 0]
    topics = counts_of(report, "topics")
    assert (topics["Networking"], topics["Leadership"], topics["Setting goals"]) == (5, 5, 0)
    assert topics["Speaking up for libraries"] is None
    assert {figure.question: figure.answered for figure in report.choices} == {"held": 6, "topics": 6}


def test_meetings_of_four_pairs_are_withheld_however_many_they_are() -> None:
    responses = [response(MEETING, person, number=at, held="held") for person in PEOPLE[:4] for at in range(1, 9)]
    (figure,) = report_of(*responses).choices
    assert (figure.answered, {choice.count for choice in figure.choices}) == (32, {None})


TICKED = {
    "P01": "goal_setting",
    "P02": "goal_setting",
    "P03": "goal_setting",
    "P04": "leadership",
    "P05": "leadership,advocacy",
}


@pytest.mark.parametrize(
    ("ticked", "together"), [(TICKED, 5), ({"P06": "goal_setting", **TICKED}, 6), ({"P01": "goal_setting"}, None)]
)
def test_topics_few_pairs_had_are_told_together(ticked: dict[str, str], together: int | None) -> None:
    responses = [response(MEETING, person, number=1, topics=topics) for person, topics in ticked.items()]
    responses += [response(MEETING, f"P1{number}", number=1, topics="networking") for number in range(5)]
    (figure,) = [figure for figure in report_of(*responses).choices if figure.question == "topics"]
    assert figure.together == together
    assert sum(choice.count or 0 for choice in figure.choices) == 5


def test_topics_that_each_had_four_pairs_are_not_told_together() -> None:
    topics = {f"P0{number}": "leadership" if number < 5 else "advocacy" for number in range(1, 9)}
    responses = [response(MEETING, person, number=1, topics=given) for person, given in topics.items()]
    (figure,) = [figure for figure in report_of(*responses).choices if figure.question == "topics"]
    assert figure.together is None


def test_goals_count_as_they_stood_when_last_asked_about() -> None:
    form = MilestoneKind.GOAL_CHECK_IN
    responses = [response(form, person, number=1, goal_1="stuck", goal_2="stuck") for person in PEOPLE]
    responses += [response(form, person, number=2, goal_1="done", goal_2="on_track") for person in PEOPLE]
    assert counts_of(report_of(*responses), "goals", Side.MENTEE) == {
        "On track": 8,
        "Changed": 0,
        "Stuck": 0,
        "Done": 8,
    }


@pytest.mark.parametrize(("answered", "count"), [(4, None), (5, 5)])
def test_choices_of_fewer_than_five_are_withheld(answered: int, count: int | None) -> None:
    responses = [response(MilestoneKind.INVOLVEMENT, person, active="yes") for person in PEOPLE[:answered]]
    assert counts_of(report_of(*responses), "active", Side.MENTEE)["Yes"] == count


def test_each_follow_up_is_counted_by_itself() -> None:
    responses = [response(MilestoneKind.FOLLOW_UP, person, number=1, in_touch="regularly") for person in PEOPLE]
    responses += [response(MilestoneKind.FOLLOW_UP, person, number=2, in_touch="no") for person in PEOPLE[:6]]
    report = report_of(*responses)
    assert list(counts_of(report, "in_touch", Side.MENTEE, 1).values()) == [8, 0, 0]
    assert list(counts_of(report, "in_touch", Side.MENTEE, 2).values()) == [0, 0, 6]


def test_no_figure_reveals_a_call_request_or_a_consent() -> None:
    forms = [form for form in FORMS if CALL_REQUEST in FORMS[form].questions]
    responses = {
        question.name: "yes" for form in forms for question in FORMS[form].questions if question.kind == "tick"
    }
    ticked = [
        ResponseRecord(form=form, side=Side.MENTEE, answers=responses, mentorship=name)
        for form in forms
        for name in PEOPLE
    ]
    report = report_of(*ticked)
    assert {figure.question for figure in report.sums} == {"opportunity", "feedback_given", "feedback_received"}
    assert CALL_REQUEST.label not in report.model_dump_json()
