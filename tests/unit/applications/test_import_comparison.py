"""An import compared with what is stored: who is new, who changed, which rows cannot be used, and what stays."""

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


def _baseline(*people: Applied, waited: tuple[str, ...] = (), **begun: str) -> ImportBaseline:
    stored = {person.id: StoredApplication(side=side_of(person), person=person) for person in people}
    return ImportBaseline(stored, begun, waited)


def _messages(comparison: ImportComparison) -> list[str]:
    return [str(problem) for problem in comparison.problems]


def test_everybody_is_new_to_an_empty_cohort(mentors: File, mentees: File) -> None:
    comparison = compare_import(_sheets(mentors(), mentees()), _baseline())
    assert [person.person.id for person in comparison.added] == ["M01", "P01"]
    assert (comparison.changed, comparison.unchanged, comparison.problems) == ((), (), [])


def test_changes_are_named_by_column_and_the_rest_is_unchanged(mentors: File) -> None:
    stored = read_mentors("m", mentors({}, {"id": "M02", "email": "two@example.org"}))
    file = mentors({"years": "13", "town": "Cook"}, {"id": "M02", "email": "two@example.org"})
    comparison = compare_import(_sheets(file), _baseline(*stored))
    assert [(change.id, change.columns) for _, change in comparison.changed] == [("M01", ("town", "years"))]
    assert comparison.unchanged == ("M02",)


def test_people_whom_no_row_names_stay_and_are_listed(mentors: File, mentees: File) -> None:
    stored: tuple[Applied, ...] = (*read_mentors("m", mentors()), *read_mentees("p", mentees()))
    comparison = compare_import(_sheets(mentors({"id": "M02", "email": "two@example.org"})), _baseline(*stored))
    assert (comparison.absent, comparison.unchanged) == (("M01",), ())


def test_columns_a_file_lacks_stay_as_they_are(mentors: File) -> None:
    (stored,) = read_mentors("m", mentors({"about": "I like maps.", "offers": "teaching"}))
    comparison = compare_import(_sheets(mentors({"offers": "outreach"})), _baseline(stored))
    ((after, change),) = comparison.changed
    assert change.columns == ("offers",)
    assert after.person.model_copy(update={"offers": ()}) == stored.model_copy(update={"offers": ()})


@pytest.mark.parametrize(
    ("row", "goals"),
    [
        ({"goal_1": "Speak"}, ("Speak", "Teach", "Plan")),
        ({"goal_1": "Speak", "goal_2": ""}, ("Speak", "Plan")),
        ({"goal_2": "Write"}, ("Lead", "Write", "Plan")),
        ({"town": "Duluth"}, ("Lead", "Teach", "Plan")),
    ],
    ids=["only a first one", "no second one", "only a second one", "no goals"],
)
def test_goals_whose_columns_a_file_lacks_stay(mentees: File, row: dict[str, str], goals: tuple[str, ...]) -> None:
    (stored,) = read_mentees("p", mentees({"goal_1": "Lead", "goal_2": "Teach", "goal_3": "Plan"}))
    ((after, _),) = compare_import(_sheets(mentees=mentees(row)), _baseline(stored)).changed
    assert isinstance(after.person, MenteeApplication)
    assert after.person.goals == goals


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "m01"}, "row 2, column id: is written M01 in this cohort"),
        ({"id": "P01", "email": "new@example.org"}, "is a participant of this cohort and cannot be a mentor too"),
        ({"id": "M02"}, "column email: of M02 is also the address of M01"),
        ({"id": "M02", "email": "BO.FALK@example.org"}, "column email: of M02 is also the address of P01"),
        ({"id": "A001", "email": "new@example.org"}, "belongs to someone who has started to apply"),
        (
            {"id": "M02", "email": "begun@example.org"},
            "is the address of A001, who has begun to apply here",
        ),
        ({"ranks": "P99"}, "column ranks: of M01 names someone who is not a participant of this cohort"),
        ({"status": "withdrawn"}, "column status: of M01 is accepted by now; leave the cell empty"),
        ({"id": "M02", "email": "new@example.org", "status": "waiting"}, "of M02 is accepted when imported"),
    ],
)
def test_what_does_not_fit_the_cohort_is_refused_by_row_and_column(
    mentors: File, mentees: File, row: dict[str, str], message: str
) -> None:
    stored: tuple[Applied, ...] = (*read_mentors("m", mentors()), *read_mentees("p", mentees()))
    columns = dict.fromkeys(("ranks", "status"), "") | row
    (problem,) = _messages(compare_import(_sheets(mentors(columns)), _baseline(*stored, A001="begun@example.org")))
    assert problem.startswith("mentors.csv, row 2, column ")
    assert message in problem


def test_who_began_to_apply_is_imported_under_their_own_id(mentors: File) -> None:
    file = mentors({"id": "A001", "email": "Begun@Example.org"})
    assert len(compare_import(_sheets(file), _baseline(A001="begun@example.org")).added) == 1


def test_two_people_may_exchange_their_addresses(mentors: File) -> None:
    person, two = {"id": "M01", "email": "one@example.org"}, {"id": "M02", "email": "two@example.org"}
    stored = read_mentors("m", mentors(person, two))
    swapped = mentors(person | {"email": "two@example.org"}, two | {"email": "one@example.org"})
    comparison = compare_import(_sheets(swapped), _baseline(*stored))
    assert ([change.columns for _, change in comparison.changed], comparison.problems) == ([("email",), ("email",)], [])


def test_an_address_is_not_free_before_its_owner_has_left_it(mentors: File) -> None:
    person, two = {"id": "M01", "email": "one@example.org"}, {"id": "M02", "email": "two@example.org"}
    stored = read_mentors("m", mentors(person, two))
    leaving = two | {"email": "three@example.org", "years": "many"}
    comparison = compare_import(
        _sheets(mentors(person | {"email": "two@example.org", "years": "12"}, leaving)), _baseline(*stored)
    )
    assert [problem.row for problem in comparison.problems] == [2, 3]


def test_one_person_on_both_sides_is_refused_once(mentors: File, mentees: File) -> None:
    both = mentees({"email": "ADA.berg@example.org"})
    (problem,) = _messages(compare_import(_sheets(mentors(), both), _baseline()))
    assert "participants.csv, row 2, column email" in problem
    (problem,) = _messages(compare_import(_sheets(mentors(), mentees({"id": "M01"})), _baseline()))
    assert "is an id of the mentors' file too" in problem


def test_a_row_that_names_a_refused_one_is_refused_with_it(mentors: File, mentees: File) -> None:
    file = mentors({"ranks": "P01"}, {"id": "M02", "email": "two@example.org", "ranks": ""})
    comparison = compare_import(_sheets(file, mentees({"years": "many"})), _baseline())
    assert [person.person.id for person in comparison.added] == ["M02"]
    assert [(problem.file, problem.row) for problem in comparison.problems] == [
        ("mentors.csv", 2),
        ("participants.csv", 2),
    ]


def test_names_of_the_other_side_may_be_those_that_are_kept(mentors: File, mentees: File) -> None:
    stored = read_mentees("p", mentees())
    assert compare_import(_sheets(mentors({"ranks": "P01"})), _baseline(*stored)).problems == []


def test_who_was_left_waiting_goes_first_unless_the_file_says_no(mentees: File) -> None:
    baseline = _baseline(waited=("bo.falk@example.org",))
    for file, waits in (
        (mentees(), True),
        (mentees({"waited": ""}), True),
        (mentees({"waited": "no"}), False),
    ):
        comparison = compare_import(_sheets(mentees=file), baseline)
        (person,) = (person.person for person in comparison.added)
        assert isinstance(person, MenteeApplication)
        assert (person.waited, comparison.waited) == (waits, ("P01",) if waits else ())


def test_what_staff_waived_is_no_column_and_stays(mentors: File) -> None:
    (stored,) = read_mentors("m", mentors())
    stored = stored.model_copy(update={"rules_waived": True})
    ((after, _),) = compare_import(_sheets(mentors({"years": "1"})), _baseline(stored)).changed
    assert isinstance(after.person, MentorApplication)
    assert after.person.rules_waived


def test_standing_that_is_still_so_is_taken_in(mentors: File) -> None:
    (person,) = read_mentors("m", mentors())
    stored = StoredApplication(side=Side.MENTOR, status=ApplicationStatus.WAITING, person=person)
    comparison = compare_import(_sheets(mentors({"status": "Waiting"})), ImportBaseline({"M01": stored}, {}))
    assert (comparison.unchanged, comparison.problems) == (("M01",), [])


def test_refused_rows_say_why_and_can_be_corrected_and_imported(mentors: File) -> None:
    file = mentors({"years": "many", "name": "=Ada"}, {"id": "M02", "email": "two@example.org"})
    sheets = _sheets(file + b'\n"M03","Short row"')
    comparison = compare_import(sheets, _baseline())
    assert [person.person.id for person in comparison.added] == ["M02"]
    header, rows = refused_rows(sheets[Side.MENTOR], comparison.refused[Side.MENTOR])
    assert header == ["why", *file.decode().splitlines()[0].split(",")]
    assert rows[0][0].startswith("years: must be a whole number")
    assert rows[1][0].startswith("the row has fewer cells than the header")
    corrected = write_rows(header, [rows[0]]).replace(b"many", b"9")
    again = compare_import(_sheets(corrected), _baseline())
    assert ([person.person.name for person in again.added], again.problems) == (["=Ada"], [])
    refused = _sheets(write_rows(header, rows))
    why, _ = refused_rows(refused[Side.MENTOR], refused[Side.MENTOR].lines)
    assert why.count("why") == 1


def test_people_without_ids_are_known_by_their_address_in_any_order(mentors: File) -> None:
    one, two = {"email": "one@example.org", "name": "Ada"}, {"email": "Two@Example.org", "name": "Bo"}
    file = mentors(*({"id": "M07"} | row for row in (one, two))).replace(b"id,", b"pronouns,").replace(b'"M07"', b'""')
    first = compare_import(_sheets(file), _baseline()).added
    assert [person.person.id for person in first] == ["M002", "M003"]
    header, *rows = file.splitlines()
    newcomer = rows[0].replace(b"one@", b"new@").replace(b"Ada", b"Cy")
    again = b"\n".join([header, newcomer, *reversed(rows)])
    comparison = compare_import(_sheets(again), _baseline(*(person.person for person in first)))
    assert (comparison.unchanged, [person.person.id for person in comparison.added]) == (("M003", "M002"), ["M004"])


def test_newcomer_with_the_name_of_somebody_who_is_missing_is_pointed_out(mentors: File) -> None:
    (stored,) = read_mentors("m", mentors({"name": "Ada Berg"}))
    file = (
        mentors({"name": "ADA  Berg", "email": "new@example.org"})
        .replace(b"id,", b"pronouns,")
        .replace(b'"M01"', b'""')
    )
    comparison = compare_import(_sheets(file), _baseline(stored))
    (note,) = comparison.notes
    assert "M002 is new and has the name of M01" in note
    assert comparison.namesakes == comparison.notes


def test_names_of_people_stored_before_are_found(mentors: File, mentees: File) -> None:
    stored = read_mentees("p", mentees())
    comparison = compare_import(_sheets(mentors({"ranks": "bo falk", "vetoes": ""})), _baseline(*stored))
    assert comparison.added[0].person.ranks == ("P01",)
