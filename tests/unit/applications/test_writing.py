"""What is written for spreadsheets: nothing in it is calculated, and all of it reads back."""

import csv
import unicodedata
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.applications.csv.applications import read_mentors
from domain.applications.csv.parsing import parse_file
from domain.applications.csv.writing import escape_formula, unescape_formula, write_people, write_rows
from domain.applications.import_comparison import EXTRA_COLUMNS, ImportBaseline, compare_import
from schemas.applications.imports import StoredApplication
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.enums import ApplicationStatus, Availability, GoalArea, LibraryType, Side, WorkingStyle

quick = settings(max_examples=150, deadline=None, database=None)


def nfc(words: str) -> str:
    """Return words as they are stored."""
    return unicodedata.normalize("NFC", words).strip()


# What a program damaged on the way is refused: a spreadsheet's errors, and UTF-8 that was read as Windows-1252.
printable = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="#ÂÃÄÅâï\ufffd")
# Cells of the kind that spreadsheets calculate with come far more often than chance would bring them.
start = st.sampled_from(["", "", "=", "+", "-", "@", "'", "''=", "'-", "＝", "\ufeff", ";", ","])
line = st.builds(str.__add__, start, st.text(printable, min_size=1, max_size=40)).map(nfc).filter(bool)
told = line.map(lambda words: f"{words} Berg")
passage = st.builds(
    str.__add__, start, st.text(printable | st.sampled_from(list('\n\r\t"')), min_size=1, max_size=200)
).map(nfc)
shared = {
    "name": told,
    "preferred_name": st.just("") | line,
    "pronouns": st.sampled_from(["", "she/her", "they/them"]),
    "library": told,
    "library_type": st.sampled_from(LibraryType),
    "town": told,
    "role": told,
    "working_style": st.none() | st.sampled_from(WorkingStyle),
    "availability": st.lists(st.sampled_from(Availability), unique=True).map(tuple),
    "years": st.integers(0, 70),
}
mentors = st.builds(
    MentorApplication,
    **shared,
    id=st.just("M01"),
    email=st.just("m@example.org"),
    offers=st.lists(st.sampled_from(GoalArea), unique=True).map(tuple),
    capacity=st.integers(1, 20),
    last_attended=st.none() | st.integers(1900, 2200),
    about=passage,
    rules_waived=st.booleans(),
)
mentees = st.builds(
    MenteeApplication,
    **shared,
    id=st.just("P01"),
    email=st.just("p@example.org"),
    wants=st.lists(st.sampled_from(GoalArea), unique=True).map(tuple),
    goals=st.lists(passage, max_size=5).map(tuple),
    challenges=passage,
    hopes=passage,
    waited=st.booleans(),
)


@given(st.text(max_size=30) | st.builds(str.__add__, start, st.text(max_size=5)))
@quick
def test_a_cell_made_safe_is_no_formula_and_is_meant_as_before(cell: str) -> None:
    assert not escape_formula(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert unescape_formula(escape_formula(cell)) == cell


@given(mentors | mentees, st.sampled_from(ApplicationStatus), st.booleans(), st.booleans())
@quick
def test_what_is_exported_and_imported_again_is_unchanged(
    person: MentorApplication | MenteeApplication, status: ApplicationStatus, excel: bool, waited: bool
) -> None:
    side = Side.MENTOR if isinstance(person, MentorApplication) else Side.MENTEE
    kept = StoredApplication(side=side, status=status, person=person)
    content = write_people(side, [kept], excel=excel)
    known = ImportBaseline({person.id: kept}, {}, {person.email} if waited else ())
    found = compare_import({side: parse_file(type(person), "people.csv", content, beside=EXTRA_COLUMNS)}, known)
    assert found.problems == []
    assert (found.unchanged, found.changed) == ((person.id,), ())


@pytest.mark.parametrize("excel", [True, False])
def test_characters_of_every_language_are_written_and_excel_knows_the_encoding(excel: bool) -> None:
    names = ["Nou Chee Xiong", "Ógáchi Ñúñez", "Aŋpétu Wašté", "Ɛbla Ḥaan", "李小龍", "Zoë 🦆"]
    content = write_rows(["name"], [[name] for name in names], excel=excel)
    assert content.startswith(b"\xef\xbb\xbf") is excel
    assert [row["name"] for row in csv.DictReader(StringIO(content.decode("utf-8-sig")))] == names


def test_nothing_is_cut_off() -> None:
    person = StoredApplication(
        side=Side.MENTEE,
        person=MenteeApplication(
            id="P01",
            name="N" * 200,
            email="p@example.org",
            library="L" * 200,
            library_type=LibraryType.PUBLIC,
            town="T" * 200,
            role="R" * 200,
            goals=tuple(f"{number}" * 2000 for number in range(1, 8)),
        ),
    )
    (row,) = csv.DictReader(StringIO(write_people(Side.MENTEE, [person]).decode()))
    assert [row[f"goal_{number}"] for number in range(1, 8)] == [f"{number}" * 2000 for number in range(1, 8)]
    assert list(row)[-1] == "status"


def test_a_file_that_leaves_out_standing_is_one_that_a_cohort_is_created_with() -> None:
    person = MentorApplication(
        id="M01",
        name="-- Ada --",
        email="ada@example.org",
        library="Ely",
        library_type=LibraryType.PUBLIC,
        town="Ely",
        role="Clerk",
        years=3,
        about="- first\n- second",
    )
    content = write_people(Side.MENTOR, [StoredApplication(side=Side.MENTOR, person=person)], status=False)
    assert read_mentors("mentors.csv", content) == (person,)
    assert Application.model_fields.keys() <= set(content.decode().splitlines()[0].split(","))
