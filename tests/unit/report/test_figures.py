"""The report's figures, computed another way (A9, A11, A34)."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.report.figures import make_report
from domain.report.suppression import MIN_CELL_SIZE
from schemas.enums import MilestoneKind, Outcome, Side, WindowStatus
from schemas.report.figures import ItemFigure
from schemas.report.records import AgreementRecord, CohortRecords, ResponseRecord, WindowRecord

SURVEY = MilestoneKind.CLOSURE_SURVEY
POINTS = st.integers(1, 5).map(str)
WINDOWS = st.lists(
    st.builds(
        WindowRecord,
        number=st.integers(1, 6),
        mentor=st.sampled_from(WindowStatus),
        mentee=st.sampled_from(WindowStatus),
    ),
    max_size=40,
)
SURVEYS = st.lists(
    st.builds(
        ResponseRecord,
        form=st.just(SURVEY),
        side=st.sampled_from(Side),
        answers=st.fixed_dictionaries(
            {"satisfaction": POINTS},
            optional={"connected": POINTS, "takeaway": st.text(min_size=1), "quote_me": st.just("yes")},
        ),
    ),
    max_size=30,
)


def _surveys(count: int, side: Side = Side.MENTOR, **answers: str) -> tuple[ResponseRecord, ...]:
    answers = {"satisfaction": "4", **answers}
    return tuple(
        ResponseRecord(form=SURVEY, side=side, answers=answers, person=f"{side}{number}") for number in range(count)
    )


def _item(records: CohortRecords, question: str, side: Side) -> ItemFigure:
    return next(item for item in make_report(records).items if (item.question, item.side) == (question, side))


@given(windows=WINDOWS)
def test_window_counts_each_mentorship_once_by_its_better_news(windows: list[WindowRecord]) -> None:
    counted: dict[tuple[int, str], int] = defaultdict(int)
    for window in windows:
        answers = {window.mentor, window.mentee}
        best = next(status for status in ("met", "planned", "not_yet", "unanswered") if status in answers)
        counted[window.number, best] += 1
    shown = make_report(CohortRecords(cohort_id="c", windows=tuple(windows))).windows
    assert [figure.number for figure in shown] == sorted({window.number for window in windows})
    for figure in shown:
        news = {status: getattr(figure, status) for status in ("planned", "not_yet", "unanswered")}
        why = {status: counted[figure.number, status] for status in news}
        assert figure.met == counted[figure.number, "met"]
        assert figure.mentorships == figure.met + sum(why.values())
        if not any(0 < count < MIN_CELL_SIZE for count in why.values()):
            assert news == why
        else:
            assert {count for count in news.values() if count is not None} <= set(why.values())
            assert list(news.values()).count(None) > 1


@given(surveys=SURVEYS)
def test_mean_is_the_mean_of_all_who_answered_and_withheld_below_five(surveys: list[ResponseRecord]) -> None:
    own = tuple(survey.model_copy(update={"person": str(place)}) for place, survey in enumerate(surveys))
    for figure in make_report(CohortRecords(cohort_id="c", responses=own)).items:
        points = [
            int(s.answers[figure.question]) for s in surveys if s.side is figure.side if figure.question in s.answers
        ]
        assert figure.answered == len(points)
        if len(points) < MIN_CELL_SIZE:
            assert figure.mean is None
        else:
            assert figure.mean == pytest.approx(sum(points) / len(points), abs=0.005)


@given(surveys=SURVEYS)
def test_only_sentences_whose_author_agreed_are_quoted(surveys: list[ResponseRecord]) -> None:
    agreed = [s.answers["takeaway"] for s in surveys if {"takeaway", "quote_me"} <= set(s.answers)]
    assert list(make_report(CohortRecords(cohort_id="c", responses=tuple(surveys))).quotes) == agreed


@pytest.mark.parametrize(("answered", "mean"), [(0, None), (4, None), (5, 4.0), (6, 4.0)])
def test_five_answers_make_a_mean_and_four_do_not(answered: int, mean: float | None) -> None:
    records = CohortRecords(cohort_id="c", responses=(*_surveys(answered), *_surveys(9, Side.MENTEE)))
    figure = _item(records, "satisfaction", Side.MENTOR)
    assert (figure.answered, figure.mean) == (answered, mean)


def test_question_is_reported_for_the_side_it_is_put_to_alone() -> None:
    sides = {
        side: {item.question for item in make_report(CohortRecords(cohort_id="c")).items if item.side is side}
        for side in Side
    }
    assert sides == {
        Side.MENTOR: {"satisfaction", "learned", "connected", "criticism", "new_ideas", "profession"},
        Side.MENTEE: {"satisfaction", "advice", "career", "connected", "criticism", "new_ideas", "profession"},
    }


def test_takeaway_of_another_answer_than_yes_is_not_quoted() -> None:
    records = CohortRecords(cohort_id="c", responses=_surveys(1, takeaway="Ask early.", quote_me="no"))
    assert make_report(records).quotes == ()


def test_rates_count_answers_of_those_who_were_asked() -> None:
    responses = (*_surveys(3), *_surveys(1, Side.MENTEE))
    asked_counts = {"closure_survey/mentor": 4, "closure_survey/mentee": 4, "check_in/mentor": 24}
    rates = make_report(CohortRecords(cohort_id="c", responses=responses, asked=asked_counts)).rates
    assert {(rate.form, rate.side, rate.asked, rate.answered) for rate in rates} == {
        (SURVEY, Side.MENTOR, 4, 3),
        (SURVEY, Side.MENTEE, 4, 1),
        (MilestoneKind.CHECK_IN, Side.MENTOR, 24, 0),
    }


def test_many_answers_of_four_people_make_no_mean() -> None:
    records = CohortRecords(cohort_id="c", responses=_surveys(4) * 3)
    figure = _item(records, "satisfaction", Side.MENTOR)
    assert (figure.answered, figure.mean) == (12, None)


def test_outcomes_are_counted_and_what_has_none_is_running() -> None:
    outcomes = (Outcome.COMPLETED, None, Outcome.COMPLETED, *(Outcome.MENTEE_WITHDREW,) * 5)
    report = make_report(CohortRecords(cohort_id="c", outcomes=outcomes))
    assert report.mentorships == 8
    assert report.outcomes == {"completed": 2, "mentee_withdrew": 5, "running": 1}


def test_how_few_mentorships_ended_is_told_together() -> None:
    outcomes = (Outcome.COMPLETED, Outcome.MENTEE_WITHDREW)
    assert make_report(CohortRecords(cohort_id="c", outcomes=outcomes)).outcomes == {
        "completed": 1,
        "parted": 1,
    }


def test_mentorships_another_mentor_took_over_are_an_outcome_of_their_own() -> None:
    outcomes = (*(Outcome.MENTOR_WITHDREW,) * 6, Outcome.COMPLETED)
    assert make_report(CohortRecords(cohort_id="c", outcomes=outcomes, replaced=1)).outcomes == {
        "completed": 1,
        "replaced": 1,
        "mentor_withdrew": 5,
    }
    assert make_report(CohortRecords(cohort_id="c", outcomes=outcomes, replaced=6)).outcomes == {
        "completed": 1,
        "replaced": 6,
    }


def test_interim_report_says_of_which_day_it_is() -> None:
    records = CohortRecords(cohort_id="c")
    assert make_report(records).interim_on is None
    assert make_report(records, date(2020, 3, 1)).interim_on == date(2020, 3, 1)


@given(days=st.lists(st.tuples(st.integers(0, 500), st.booleans()), max_size=12))
def test_median_of_the_days_to_an_agreement_has_as_many_pairs_below_as_above(days: list[tuple[int, bool]]) -> None:
    agreements = tuple(AgreementRecord(days=each, in_time=in_time) for each, in_time in days)
    records = CohortRecords(cohort_id="c", outcomes=(None,) * 12, agreements=agreements)
    figure = make_report(records).agreement
    assert figure is not None
    assert (figure.mentorships, figure.agreed, figure.in_time) == (
        12,
        len(days),
        [late for _, late in days].count(True),
    )
    assert (figure.median_days is None) == (len(days) < MIN_CELL_SIZE)
    if figure.median_days is not None:
        below = sum(each < figure.median_days for each, _ in days)
        above = sum(each > figure.median_days for each, _ in days)
        assert max(below, above) <= len(days) / 2


def test_drafts_of_an_agreement_are_no_answers() -> None:
    draft = ResponseRecord(form=MilestoneKind.AGREEMENT, side=Side.MENTEE, answers={"version": "1"})
    report = make_report(CohortRecords(cohort_id="c", responses=(draft,) * 9, asked={"agreement/mentee": 9}))
    assert (report.rates, report.choices, report.sums, report.courses, report.agreement) == ((), (), (), (), None)


def test_sentences_without_a_box_to_tick_are_never_quoted() -> None:
    answers = {"takeaway": "Ours alone", "text": "Thanks", "note_to_self": "Mine", "quote_me": "yes"}
    forms = set(MilestoneKind) - {SURVEY}
    responses = tuple(ResponseRecord(form=form, side=Side.MENTEE, answers=answers) for form in forms)
    assert not any(
        words in make_report(CohortRecords(cohort_id="c", responses=responses)).model_dump_json()
        for words in (
            "Ours alone",
            "Thanks",
            "Mine",
        )
    )
