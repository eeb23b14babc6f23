"""A cohort's folder as a whole, and the two example cohorts."""

import csv
import re
import time
from collections.abc import Callable
from datetime import date
from io import StringIO
from itertools import chain
from pathlib import Path

import pytest

from domain.applications.csv.applications import read_mentees, read_mentors
from domain.cohort.folder import check_cohort, read_cohort
from schemas.cohort.folder import CohortFolder
from schemas.enums import LibraryType
from schemas.errors import Problem
from schemas.personas import Persona
from tests.unit.applications.workbooks import workbook

File = Callable[..., bytes]
Refused = Callable[..., list[Problem]]
Fields = dict[str, str]

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def folder(settings: File, mentors: File, mentees: File) -> Callable[..., dict[str, bytes]]:
    """Return a function that writes a folder of one mentor and one participant, with some changes."""

    def write(mentor: Fields | None = None, mentee: Fields | None = None) -> dict[str, bytes]:
        return {
            "cohort.toml": settings(),
            "mentors.csv": mentors(mentor or {}),
            "participants.csv": mentees(mentee or {}),
        }

    return write


def test_folder_without_personas_is_acted_steadily(folder: Callable[..., dict[str, bytes]]) -> None:
    personas = read_cohort(folder()).personas
    assert {person: script.persona for person, script in personas.items()} == {
        "M01": Persona.STEADY,
        "P01": Persona.STEADY,
    }


def test_class_whose_people_apply_on_the_pages_needs_no_lists(folder: Callable[..., dict[str, bytes]]) -> None:
    window = b"\n[applications]\nopens_on = 2019-02-01\ncloses_on = 2019-03-15\n"
    applied_later = {"cohort.toml": folder()["cohort.toml"] + window}
    cohort = read_cohort(applied_later)
    assert (cohort.mentors, cohort.mentees) == ((), ())
    assert [person.id for person in read_cohort(folder() | applied_later).mentors] == ["M01"]


def test_list_may_be_a_workbook_but_not_both(folder: Callable[..., dict[str, bytes]], refused: Refused) -> None:
    files = folder()
    rows = list(csv.reader(StringIO(files["mentors.csv"].decode())))
    as_workbook = {name: content for name, content in files.items() if name != "mentors.csv"}
    as_workbook["mentors.xlsx"] = workbook({"Responses": rows})
    assert read_cohort(as_workbook).mentors == read_cohort(files).mentors
    (problem,) = refused(read_cohort, files | as_workbook)
    assert (problem.file, problem.message) == ("mentors.xlsx", "is there beside mentors.csv; keep one of the two")


def test_class_without_a_window_needs_both_lists(folder: Callable[..., dict[str, bytes]], refused: Refused) -> None:
    problems = refused(read_cohort, {"cohort.toml": folder()["cohort.toml"]})
    assert [(problem.file, problem.message) for problem in problems] == [
        ("mentors.csv", "is not in the folder; add it"),
        ("participants.csv", "is not in the folder; add it"),
    ]


def test_problems_of_all_files_are_reported_together(folder: Callable[..., dict[str, bytes]], refused: Refused) -> None:
    files = folder({"email": "x"}, {"years": "y"})
    del files["cohort.toml"]
    problems = refused(read_cohort, files)
    assert [(problem.file, problem.row) for problem in problems] == [
        ("cohort.toml", None),
        ("mentors.csv", 2),
        ("participants.csv", 2),
    ]


def test_list_that_cannot_be_read_makes_no_name_in_the_other_wrong(
    folder: Callable[..., dict[str, bytes]], refused: Refused
) -> None:
    files = folder({}, {"ranks": "Ada Berg"}) | {"mentors.csv": b"My form\nAda Berg\n"}
    assert [problem.file for problem in refused(read_cohort, files)] == ["mentors.csv"]


@pytest.mark.parametrize(
    ("mentor", "mentee", "file", "column", "value", "message"),
    [
        ({"email": "Bo.Falk@example.org"}, {}, "participants.csv", "email", "bo.falk@example.org", "M01"),
        ({}, {"id": "m01"}, "participants.csv", "id", "m01", "different ids"),
        ({"ranks": "P02"}, {}, "mentors.csv", "ranks", "P02", "of M01 names someone who is not a participant"),
        ({"vetoes": "M01"}, {}, "mentors.csv", "vetoes", "M01", "not a participant"),
        ({}, {"conflicts": "P01"}, "participants.csv", "conflicts", "P01", "not a mentor"),
        ({}, {"reports_to": "M1"}, "participants.csv", "reports_to", "M1", "did you mean M01 (Ada Berg)?"),
        ({"ranks": "P01;P01"}, {}, "mentors.csv", "ranks", "P01", "twice"),
        ({"ranks": "P01", "vetoes": "P01"}, {}, "mentors.csv", "ranks", "P01", "vetoes name too"),
    ],
)
def test_people_who_do_not_fit_together_are_refused(
    *,
    mentor: Fields,
    mentee: Fields,
    file: str,
    column: str,
    value: str,
    message: str,
    folder: Callable[..., dict[str, bytes]],
    refused: Refused,
) -> None:
    (problem,) = refused(read_cohort, folder(mentor, mentee))
    assert (problem.file, problem.row, problem.column, problem.value) == (file, 2, column, value)
    assert message in problem.message


def test_ten_thousand_wishes_for_nobody_are_refused_in_three_seconds(
    mentors: File, mentees: File, refused: Refused
) -> None:
    lost = ({"id": f"M{n}", "email": f"m{n}@example.org", "ranks": f"X{n}"} for n in range(10_000))
    rows = ({"id": f"P{n}", "email": f"p{n}@example.org"} for n in range(10_000))
    people = read_mentors("m.csv", mentors(*lost)), read_mentees("p.csv", mentees(*rows))
    started = time.process_time()
    assert len(refused(check_cohort, *people)) == 10_000
    assert time.process_time() - started < 3


def _example(name: str) -> CohortFolder:
    return read_cohort({path.name: path.read_bytes() for path in (EXAMPLES / name).iterdir()})


def test_2019_cohort_is_the_program_as_it_was() -> None:
    cohort = _example("mile-2019")
    assert (len(cohort.mentors), len(cohort.mentees)) == (14, 13)
    assert (cohort.settings.institute.venue, cohort.settings.institute.town) == ("Sugar Lake Lodge", "Cohasset")
    assert cohort.settings.kickoff_day == date(2019, 5, 10)
    assert {person.library_type for person in cohort.mentors} == set(LibraryType)
    assert {person.library_type for person in cohort.mentees} == set(LibraryType)


def test_2019_cohort_acts_every_persona() -> None:
    assert {script.persona for script in _example("mile-2019").personas.values()} == set(Persona)


def test_2017_cohort_has_other_days_people_and_rhythm() -> None:
    cohort, later = _example("mile-2017"), _example("mile-2019")
    assert (cohort.settings.institute.venue, cohort.settings.institute.town) == ("Ruttger's Bay Lake Lodge", "Deerwood")
    assert (cohort.settings.institute.opens_on, cohort.settings.kickoff_day) == (date(2017, 5, 2), date(2017, 5, 5))
    assert cohort.settings.timeline != later.settings.timeline
    assert not set(cohort.personas) & set(later.personas)
    assert b";" in (EXAMPLES / "mile-2017" / "mentors.csv").read_bytes().split(b"\n")[0]


@pytest.mark.parametrize("name", ["mile-2017", "mile-2019"])
def test_example_people_are_reachable_nowhere_and_said_once(name: str) -> None:
    cohort = _example(name)
    assert all(re.fullmatch(r"[a-z.-]+@example\.org", person.email) for person in chain(cohort.mentors, cohort.mentees))
    words = [text for person in cohort.mentees for text in (*person.goals, person.challenges, person.hopes) if text]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("name", ["mile-2017", "mile-2019"])
def test_rows_survive_a_spreadsheet_set_to_another_country(name: str) -> None:
    folder = EXAMPLES / name
    mentors, mentees = (folder / "mentors.csv").read_bytes(), (folder / "participants.csv").read_bytes()
    for read, content in ((read_mentors, mentors), (read_mentees, mentees)):
        assert read("x.csv", b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")) == read("x.csv", content)
