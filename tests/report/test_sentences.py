"""What was gained, in sentences: each is made of a figure that is shown, and none of one that is withheld."""

import pytest

from schemas.report.figures import OpeningsFigure, Report, ReportPart
from web.documents.report_sentences import gains


def test_each_part_tells_what_its_side_gained(report: Report) -> None:
    assert gains(report, ReportPart.MENTORS) == ("“I learned”: 9 mentors answered with 4.2 of 5 on average.",)
    assert gains(report, ReportPart.PARTICIPANTS) == (
        "“How isolation is”: from 3.7 at the start to 1.0 at the end, the mean of 9 participants "
        "(1 – not at all, 5 – fully).",
        "“How skills is”: from 2.5 at the start to 5.0 at the end, the mean of 9 participants "
        "(1 – not at all, 5 – fully).",
        "Through their mentors, mentees got to know 31 people.",
    )
    assert gains(report, ReportPart.ASSOCIATION) == (
        "“I feel connected”: 6 participants answered with 3.5 of 5 on average.",
        "People from 3 parts of the state took part.",
    )


def test_one_part_of_the_state_is_told_in_the_singular(report: Report) -> None:
    sentences = gains(report.model_copy(update={"covered": 1}), ReportPart.ASSOCIATION)
    assert sentences[-1] == "People from 1 part of the state took part."


@pytest.mark.parametrize(("took_up", "told"), [(7, True), (None, False), (0, False)])
def test_openings_taken_up_are_told_where_they_may_be(report: Report, took_up: int | None, told: bool) -> None:
    openings = OpeningsFigure(recommended=3, people=24, took_up=took_up)
    sentences = gains(report.model_copy(update={"openings": openings}), ReportPart.ASSOCIATION)
    assert ("7 of 24 people took up an opening that staff recommended." in sentences) is told


def test_part_that_can_show_nothing_says_so(report: Report, empty_report: Report) -> None:
    silent = report.model_copy(update={"items": (), "courses": ()})
    assert gains(silent, ReportPart.MENTORS) == (
        "So far too few people have answered to say in figures what mentors gained.",
    )
    assert gains(empty_report, ReportPart.MENTORS) == ()
