"""Cells that cannot be what they say, and people who cannot be two."""

from collections.abc import Callable

import pytest

from domain.applications.csv.applications import read_mentees, read_mentors
from schemas.enums import Availability, GoalArea
from schemas.errors import Problem

File = Callable[..., bytes]
Refused = Callable[..., list[Problem]]


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("email", "ada.berg", "is not an email address"),
        ("email", "a@b@example.org", "is not an email address"),
        ("library_type", "publik", "public, academic, school, special, state; did you mean public?"),
        ("years", "many", "must be a whole number"),
        ("years", "9" * 5000, "must be a whole number"),
        ("years", "-1", "write 0 or more"),
        ("years", "71", "write 70 or less"),
        ("name", "A" * 201, "shorten it to at most 200 characters"),
        ("id", "M 01", "must be letters, digits, - and _ only"),
    ],
)
def test_cell_that_cannot_be_used_is_named_with_its_value(
    column: str, cell: str, message: str, mentors: File, refused: Refused
) -> None:
    (problem,) = refused(read_mentors, "mentors.csv", mentors({column: cell}))
    assert (problem.file, problem.row, problem.column) == ("mentors.csv", 2, column)
    assert message in problem.message
    assert cell.startswith((problem.value or "?").removesuffix("…"))


@pytest.mark.parametrize("column", ["id", "name", "email", "library", "library_type", "town", "role", "years"])
def test_empty_cell_is_refused_where_an_answer_is_needed(column: str, mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "mentors.csv", mentors({column: "  "}))
    assert (problem.row, problem.column, problem.message) == (2, column, "is empty; every row needs an answer here")


@pytest.mark.parametrize(
    ("column", "cell"),
    [("name", "Ada\nBerg"), ("role", "Library\tdirector"), ("town", "E\x81ly"), ("about", "bell \x07")],
)
def test_characters_nobody_can_see_are_refused(column: str, cell: str, mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({"about": "", column: cell}))
    assert (problem.row, problem.column) == (2, column)
    assert problem.message.endswith("type it again")


def test_every_problem_of_every_row_is_reported_at_once(mentors: File, refused: Refused) -> None:
    content = mentors({"email": "x", "years": "y"}, {"id": "M02", "email": "b@example.org", "library_type": "z"})
    places = [(problem.row, problem.column) for problem in refused(read_mentors, "m.csv", content)]
    assert places == [(2, "email"), (2, "years"), (3, "library_type")]


def test_second_use_of_an_id_names_both_rows(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({}, {"id": "m01", "email": "other@example.org"}))
    assert (problem.row, problem.column, problem.value) == (3, "id", "m01")
    assert "stands in row 2 already" in problem.message


def test_second_use_of_an_address_is_found_whatever_its_capitals(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({}, {"id": "M02", "email": "ADA.Berg@Example.org"}))
    assert (problem.row, problem.column, problem.value) == (3, "email", "ADA.Berg@Example.org")
    assert "stands in row 2 already" in problem.message


def test_lists_are_separated_by_semicolons_and_read_as_people_write_them(mentors: File) -> None:
    (mentor,) = read_mentors("m.csv", mentors({"offers": "Goal setting; networking;", "availability": "LUNCH"}))
    assert mentor.offers == (GoalArea.GOAL_SETTING, GoalArea.NETWORKING)
    assert mentor.availability == (Availability.LUNCH,)


def test_unknown_word_in_a_list_is_the_one_that_is_named(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({"offers": "networking;knitting"}))
    assert (problem.column, problem.value) == ("offers", "knitting")


def test_goals_come_from_their_own_columns_and_gaps_close(mentees: File) -> None:
    content = mentees({"goal_1": "one", "goal_2": "", "goal_3": "three; and a half"})
    assert read_mentees("p.csv", content)[0].goals == ("one", "three; and a half")


def test_goal_that_is_too_long_is_named_by_its_column(mentees: File, refused: Refused) -> None:
    content = mentees({"goal_1": "", "goal_2": "fine", "goal_4": "x" * 2001})
    (problem,) = refused(read_mentees, "p.csv", content)
    assert problem.column == "goal_4"
    assert len(problem.value or "") == 60


def test_waited_is_yes_or_no(mentees: File, refused: Refused) -> None:
    assert read_mentees("p.csv", mentees({"waited": "Yes"}))[0].waited
    assert not read_mentees("p.csv", mentees({"waited": ""}))[0].waited
    assert refused(read_mentees, "p.csv", mentees({"waited": "a while"}))[0].message == "must be yes or no"


def test_missing_column_is_named(mentors: File, refused: Refused) -> None:
    content = b"\n".join(line.rpartition(b",")[0] for line in mentors().split(b"\n"))
    (problem,) = refused(read_mentors, "m.csv", content)
    assert (problem.row, problem.column) == (1, "years")
    assert "is missing from the header" in problem.message


def test_unknown_column_is_refused_with_the_nearest_one(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({"offerings": "networking"}))
    assert (problem.row, problem.column) == (1, "offerings")
    assert "did you mean offers?" in problem.message


def test_column_that_stands_twice_is_refused(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({"Town": "Cook"}))
    assert (problem.row, problem.column) == (1, "town")
    assert "stands twice" in problem.message


def test_column_without_a_name_is_refused(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({"": "lost", "about": "x"}))
    assert (problem.row, problem.message) == (1, "holds a column without a name; name it or remove it")
