"""An import held against what is kept: who is new, who changed, who cannot be used, and what stays."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.applications.csv.applications import read_mentees, read_mentors
from domain.applications.csv.parsing import parse_file
from domain.applications.csv.writing import write_rows
from domain.applications.import_comparison import (
    EXTRA_COLUMNS,
    ImportBaseline,
    ImportComparison,
    compare_import,
    refused_rows,
)
from schemas.applications.imports import Applied, StoredApplication, side_of
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.enums import ApplicationStatus, Side

File = Callable[..., bytes]


def _sheets(mentors: bytes | None = None, mentees: bytes | None = None) -> dict[Side, Any]:
    read: dict[Side, Any] = {}
    if mentors:
        read[Side.MENTOR] = parse_file(MentorApplication, "mentors.csv", mentors, beside=EXTRA_COLUMNS)
    if mentees:
        read[Side.MENTEE] = parse_file(MenteeApplication, "participants.csv", mentees, beside=EXTRA_COLUMNS)
    return read


def _known(*people: Applied, waited: tuple[str, ...] = (), **begun: str) -> ImportBaseline:
    kept = {person.id: StoredApplication(side=side_of(person), person=person) for person in people}
    return ImportBaseline(kept, begun, waited)


def _said(found: ImportComparison) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_everybody_is_new_to_an_empty_cohort(mentors: File, mentees: File) -> None:
    found = compare_import(_sheets(mentors(), mentees()), _known())
    assert [one.person.id for one in found.added] == ["M01", "P01"]
    assert (found.changed, found.unchanged, found.problems) == ((), (), [])


def test_what_changed_is_told_by_column_and_the_rest_is_unchanged(mentors: File) -> None:
    kept = read_mentors("m", mentors({}, {"id": "M02", "email": "two@example.org"}))
    file = mentors({"years": "13", "town": "Cook"}, {"id": "M02", "email": "two@example.org"})
    found = compare_import(_sheets(file), _known(*kept))
    assert [(change.id, change.columns) for _, change in found.changed] == [("M01", ("town", "years"))]
    assert found.unchanged == ("M02",)


def test_people_whom_no_row_names_stay_and_are_told(mentors: File, mentees: File) -> None:
    kept: tuple[Applied, ...] = (*read_mentors("m", mentors()), *read_mentees("p", mentees()))
    found = compare_import(_sheets(mentors({"id": "M02", "email": "two@example.org"})), _known(*kept))
    assert (found.absent, found.unchanged) == (("M01",), ())


def test_columns_a_file_lacks_stay_as_they_are(mentors: File) -> None:
    (kept,) = read_mentors("m", mentors({"about": "I like maps.", "offers": "teaching"}))
    found = compare_import(_sheets(mentors({"offers": "outreach"})), _known(kept))
    ((after, change),) = found.changed
    assert change.columns == ("offers",)
    assert after.person.model_copy(update={"offers": ()}) == kept.model_copy(update={"offers": ()})


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "m01"}, "row 2, column id: is written M01 in this cohort"),
        ({"id": "P01", "email": "new@example.org"}, "is a participant of this cohort and cannot be a mentor too"),
        ({"id": "M02"}, "column email: of M02 is the address of M01 too"),
        ({"id": "M02", "email": "BO.FALK@example.org"}, "column email: of M02 is the address of P01 too"),
        ({"id": "A001", "email": "new@example.org"}, "belongs to somebody who has begun to apply"),
        (
            {"id": "M02", "email": "begun@example.org"},
            "is the address of A001, who has begun to apply here",
        ),
        ({"ranks": "P99"}, "column ranks: of M01 names somebody who is not a participant of this cohort"),
        ({"status": "withdrawn"}, "column status: of M01 is accepted by now; leave the cell empty"),
        ({"id": "M02", "email": "new@example.org", "status": "waiting"}, "of M02 is accepted when imported"),
    ],
)
def test_what_does_not_fit_the_cohort_is_refused_by_row_and_column(
    mentors: File, mentees: File, row: dict[str, str], said: str
) -> None:
    kept: tuple[Applied, ...] = (*read_mentors("m", mentors()), *read_mentees("p", mentees()))
    columns = dict.fromkeys(("ranks", "status"), "") | row
    (problem,) = _said(compare_import(_sheets(mentors(columns)), _known(*kept, A001="begun@example.org")))
    assert problem.startswith("mentors.csv, row 2, column ")
    assert said in problem


def test_who_began_to_apply_is_imported_under_their_own_id(mentors: File) -> None:
    file = mentors({"id": "A001", "email": "Begun@Example.org"})
    assert len(compare_import(_sheets(file), _known(A001="begun@example.org")).added) == 1


def test_two_people_may_exchange_their_addresses(mentors: File) -> None:
    one, two = {"id": "M01", "email": "one@example.org"}, {"id": "M02", "email": "two@example.org"}
    kept = read_mentors("m", mentors(one, two))
    swapped = mentors(one | {"email": "two@example.org"}, two | {"email": "one@example.org"})
    found = compare_import(_sheets(swapped), _known(*kept))
    assert ([change.columns for _, change in found.changed], found.problems) == ([("email",), ("email",)], [])


def test_an_address_is_not_free_before_its_owner_has_left_it(mentors: File) -> None:
    one, two = {"id": "M01", "email": "one@example.org"}, {"id": "M02", "email": "two@example.org"}
    kept = read_mentors("m", mentors(one, two))
    leaving = two | {"email": "three@example.org", "years": "many"}
    found = compare_import(_sheets(mentors(one | {"email": "two@example.org", "years": "12"}, leaving)), _known(*kept))
    assert [problem.row for problem in found.problems] == [2, 3]


def test_one_person_on_both_sides_is_refused_once(mentors: File, mentees: File) -> None:
    both = mentees({"email": "ADA.berg@example.org"})
    (problem,) = _said(compare_import(_sheets(mentors(), both), _known()))
    assert "participants.csv, row 2, column email" in problem
    (problem,) = _said(compare_import(_sheets(mentors(), mentees({"id": "M01"})), _known()))
    assert "is an id of the mentors' file too" in problem


def test_a_row_that_names_a_refused_one_is_refused_with_it(mentors: File, mentees: File) -> None:
    file = mentors({"ranks": "P01"}, {"id": "M02", "email": "two@example.org", "ranks": ""})
    found = compare_import(_sheets(file, mentees({"years": "many"})), _known())
    assert [one.person.id for one in found.added] == ["M02"]
    assert [(problem.file, problem.row) for problem in found.problems] == [("mentors.csv", 2), ("participants.csv", 2)]


def test_names_of_the_other_side_may_be_those_that_are_kept(mentors: File, mentees: File) -> None:
    kept = read_mentees("p", mentees())
    assert compare_import(_sheets(mentors({"ranks": "P01"})), _known(*kept)).problems == []


def test_who_was_left_waiting_goes_first_unless_the_file_says_no(mentees: File) -> None:
    known = _known(waited=("bo.falk@example.org",))
    for file, waits in (
        (mentees(), True),
        (mentees({"waited": ""}), True),
        (mentees({"waited": "no"}), False),
    ):
        found = compare_import(_sheets(mentees=file), known)
        (person,) = (one.person for one in found.added)
        assert isinstance(person, MenteeApplication)
        assert (person.waited, found.waited) == (waits, ("P01",) if waits else ())


def test_what_staff_waived_is_no_column_and_stays(mentors: File) -> None:
    (kept,) = read_mentors("m", mentors())
    kept = kept.model_copy(update={"rules_waived": True})
    ((after, _),) = compare_import(_sheets(mentors({"years": "1"})), _known(kept)).changed
    assert isinstance(after.person, MentorApplication)
    assert after.person.rules_waived


def test_standing_that_is_still_so_is_taken_in(mentors: File) -> None:
    (person,) = read_mentors("m", mentors())
    kept = StoredApplication(side=Side.MENTOR, status=ApplicationStatus.WAITING, person=person)
    found = compare_import(_sheets(mentors({"status": "Waiting"})), ImportBaseline({"M01": kept}, {}))
    assert (found.unchanged, found.problems) == (("M01",), [])


def test_refused_rows_say_why_and_can_be_mended_and_imported(mentors: File) -> None:
    file = mentors({"years": "many", "name": "=Ada"}, {"id": "M02", "email": "two@example.org"})
    sheets = _sheets(file + b'\n"M03","Short row"')
    found = compare_import(sheets, _known())
    assert [one.person.id for one in found.added] == ["M02"]
    header, rows = refused_rows(sheets[Side.MENTOR], found.refused[Side.MENTOR])
    assert header == ["why", *file.decode().splitlines()[0].split(",")]
    assert rows[0][0].startswith("years: must be a whole number")
    assert rows[1][0].startswith("the row has fewer cells than the header")
    mended = write_rows(header, [rows[0]]).replace(b"many", b"9")
    again = compare_import(_sheets(mended), _known())
    assert ([one.person.name for one in again.added], again.problems) == (["=Ada"], [])
    refused = _sheets(write_rows(header, rows))
    why, _ = refused_rows(refused[Side.MENTOR], refused[Side.MENTOR].lines)
    assert why.count("why") == 1
