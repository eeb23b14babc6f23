"""Exports of other programs, read through a mapping of headings and words."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.applications.csv.applications import read_mentors
from domain.applications.csv.parsing import parse_file
from schemas.applications.mapping import SideMapping
from schemas.applications.people import MentorApplication
from schemas.enums import GoalArea, LibraryType
from schemas.errors import Problem

Refused = Callable[..., list[Problem]]

EXPORT = (
    b"Timestamp;First name;Last name;Email Address;Where do you work, and since when?;Kind;Town;Job;Years;Topics\n"
    b"2021/01/05;Ada;Berg;ada@example.org;Loon Lake Library;Public library;Ely;Director;10+;Setting goals, Networking\n"
)
COLUMNS = {
    "name": "First name + Last name",
    "email": "email address",
    "library": "Where do you work, and since when?",
    "library_type": "Kind",
    "role": "Job",
    "offers": "Topics",
}
VALUES = {
    "library_type": {"public library": "public"},
    "years": {"10+": "10"},
    "offers": {"Setting Goals": "goal_setting"},
}
MAPPING = SideMapping(columns=COLUMNS, values=VALUES)


def test_export_is_read_by_its_own_headings_and_words() -> None:
    (mentor,) = read_mentors("export.csv", EXPORT, MAPPING)
    assert (mentor.name, mentor.years, mentor.library_type) == ("Ada Berg", 10, LibraryType.PUBLIC)
    assert mentor.offers == (GoalArea.GOAL_SETTING, GoalArea.NETWORKING)


def test_person_without_an_id_is_called_by_the_row() -> None:
    assert read_mentors("export.csv", EXPORT, MAPPING)[0].id == "M002"


def test_columns_left_out_can_be_asked_for() -> None:
    assert parse_file(MentorApplication, "export.csv", EXPORT, mapping=MAPPING).ignored == ("Timestamp",)


def test_column_the_export_lacks_can_be_filled_in() -> None:
    content = EXPORT.replace(b"Town", b"Nearest lake")
    values = VALUES | {"town": {"": "Ely"}}
    assert read_mentors("export.csv", content, SideMapping(columns=COLUMNS, values=values))[0].town == "Ely"


def test_problem_names_the_heading_of_the_export(refused: Refused) -> None:
    content = EXPORT.replace(b"ada@example.org", b"ada")
    (problem,) = refused(read_mentors, "export.csv", content, MAPPING)
    assert (problem.row, problem.column, problem.value) == (2, "Email Address", "ada")


def test_file_in_our_own_columns_is_read_although_a_mapping_of_another_form_is_known(
    mentors: Callable[..., bytes], refused: Refused
) -> None:
    assert read_mentors("m.csv", mentors(), MAPPING) == read_mentors("m.csv", mentors())
    (problem,) = refused(read_mentors, "m.csv", mentors({"offerings": "teaching"}), MAPPING)
    assert (problem.column, "did you mean offers?" in problem.message) == ("offerings", True)


def test_mapping_without_columns_says_what_words_mean_in_ours(mentors: Callable[..., bytes]) -> None:
    mapping = SideMapping(values={"library_type": {"city": "public"}})
    assert read_mentors("m.csv", mentors({"library_type": "City"}), mapping)[0].library_type == LibraryType.PUBLIC


def test_rows_are_left_out_by_a_rule_and_the_rule_must_fit(refused: Refused) -> None:
    more = EXPORT + b"2021/01/06;Bo;Falk;bo@example.org;Elm;Public library;Ely;Clerk;4;Networking\n"
    mapping = MAPPING.model_copy(update={"skip": {"job": ("DIRECTOR", "Head")}})
    assert [person.name for person in read_mentors("export.csv", more, mapping)] == ["Bo Falk"]
    lost = MAPPING.model_copy(update={"skip": {"Jobs": ("Director",)}})
    (problem,) = refused(read_mentors, "export.csv", more, lost)
    assert (problem.row, problem.column, "did you mean Job?" in problem.message) == (1, "Jobs", True)


@pytest.mark.parametrize("half", [b"Ada", b"Berg"])
def test_error_in_one_half_of_a_name_is_refused(half: bytes, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "export.csv", EXPORT.replace(half, b"#N/A"), MAPPING)
    assert (problem.row, problem.column, problem.value) == (2, "First name + Last name", "#N/A")


def test_heading_the_export_lacks_is_refused(refused: Refused) -> None:
    (problem,) = refused(
        read_mentors, "export.csv", EXPORT, SideMapping(columns=COLUMNS | {"role": "Jobs"}, values=VALUES)
    )
    assert (problem.row, problem.column) == (1, "Jobs")
    assert "did you mean Job?" in problem.message


@pytest.mark.parametrize(
    ("columns", "values"), [(COLUMNS | {"emial": "Kind"}, VALUES), (COLUMNS, VALUES | {"emial": {"a": "b"}})]
)
def test_mapping_of_a_column_that_is_not_ours_is_refused(
    columns: dict[str, str], values: dict[str, dict[str, str]], refused: Refused
) -> None:
    (problem,) = refused(read_mentors, "export.csv", EXPORT, SideMapping(columns=columns, values=values))
    assert problem.column == "emial"
    assert "did you mean email?" in problem.message


def test_export_of_a_civil_service_program_is_read() -> None:
    repository = Path(__file__).parents[3]
    folder = Path(os.environ.get("MILE_TEST_DATA", repository.parent / "shared" / "data"))
    path = folder / "mentor_match" / "small" / "mentors.csv"
    if not path.exists():
        pytest.skip(f"the example exports are not in {folder}; set MILE_TEST_DATA")
    people = read_mentors(
        path.name,
        path.read_bytes(),
        SideMapping(
            columns={
                "name": "first name + last name",
                "email": "email address",
                "library": "organisation",
                "role": "job title",
                "about": "biography",
            },
            values={"library_type": {"": "special"}, "town": {"": "London"}, "years": {"": "10"}},
        ),
    )
    assert len(people) == 50
    assert {person.library for person in people} >= {"Department of Joy", "Department of Love"}
