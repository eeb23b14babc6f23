"""What the front page tells and what both sides accept: every point of the program's pages, unless a cohort says it."""

import pytest

from domain.cohort.program_text import (
    FOR_ASSOCIATION,
    FOR_MENTORS,
    FOR_PARTICIPANTS,
    OF_MENTEES,
    OF_MENTORS,
    ProgramPoint,
    responsibilities,
    value_of_mentoring,
)
from schemas.cohort.settings import Program
from schemas.enums import Side
from schemas.mentorship.terms import TimelineSettings

MILE = TimelineSettings()


def promises(points: tuple[ProgramPoint, ...]) -> set[int]:
    return {int(point.promise[1:]) for point in points}


def test_each_point_of_the_program_pages_is_in_its_list() -> None:
    assert promises(FOR_MENTORS) == set(range(8, 12))
    assert promises(FOR_PARTICIPANTS) == set(range(12, 17))
    assert promises(FOR_ASSOCIATION) == set(range(17, 20))
    assert promises(OF_MENTORS) == set(range(22, 35))
    assert promises(OF_MENTEES) >= {23, *range(35, 41)}


@pytest.mark.parametrize(
    ("side", "asked"),
    [
        (Side.MENTOR, ("18 months", "about every three months", "first contact", "safe", "early on", "career goals")),
        (
            Side.MENTEE,
            ("18 months", "goals", "open to criticism", "open to new ideas", "gratitude", "feedback", "active part"),
        ),
    ],
)
def test_each_side_is_asked_what_the_program_asks(side: Side, asked: tuple[str, ...]) -> None:
    words = " ".join(responsibilities(Program(), MILE, side))
    assert [each for each in asked if each not in words] == []


def test_lists_follow_the_months_the_rhythm_and_the_association_of_a_class() -> None:
    timeline = TimelineSettings(months=12, meetings_every_months=1)
    words = " ".join(responsibilities(Program(association="Association of {X}"), timeline, Side.MENTEE))
    assert "12 months" in words
    assert "meet every month." in words
    assert "part in the Association of {X}." in words


def test_cohort_replaces_each_list_word_for_word() -> None:
    own = ("Meet at {noon}.", "Bring tea.")
    for side in Side:
        program = Program.model_validate({f"{side}_responsibilities": own})
        assert responsibilities(program, MILE, side) == own
        assert responsibilities(program, MILE, side.partner) == responsibilities(Program(), MILE, side.partner)
    for name in ("mentors", "participants", "association"):
        value = value_of_mentoring(Program.model_validate({f"value_for_{name}": own}))
        assert {each: getattr(value, each) == own for each in type(value).model_fields} == {
            each: each == name for each in ("mentors", "participants", "association")
        }
