"""Whom a row names: by id, name or address, in either order, and never by likeness alone."""

from collections.abc import Callable

import pytest

from domain.applications.csv.applications import people_of, read_sides
from schemas.applications.mapping import ColumnMapping
from schemas.enums import Side
from schemas.errors import BadInput

File = Callable[..., bytes]
Read = Callable[[str], tuple[str, ...]]


@pytest.fixture
def ranked(mentors: File, mentees: File) -> Read:
    """Give a function that reads two lists and returns the ids of whom the participant ranks."""
    people = mentors(
        {"name": "Ada Berg", "preferred_name": "Addie"},
        {"id": "M02", "name": "Zoé O’Dea", "email": "zoe@example.org", "preferred_name": ""},
        {"id": "M03", "name": "Jo Falk", "email": "jo@example.org", "preferred_name": ""},
        {"id": "M04", "name": "Jo Falk", "email": "jo.falk@example.org", "preferred_name": ""},
    )

    def read(cell: str) -> tuple[str, ...]:
        files = {Side.MENTOR: ("m.csv", people), Side.MENTEE: ("p.csv", mentees({"ranks": cell}))}
        (mentee,) = people_of(read_sides(files, ColumnMapping())[Side.MENTEE])
        ranks: tuple[str, ...] = mentee.ranks
        return ranks

    return read


@pytest.mark.parametrize(
    "cell",
    [
        *("M01", "m01", "Ada Berg", "ADA  BERG", "Berg, Ada", "Addie Berg", "Ada Berg (my former boss)"),
        *("ada.berg@example.org", "Ada.Berg@Example.org", "Ada Berg <ada.berg@example.org>"),
        *("Ada Berg, ada.berg@example.org", "Ada\u00a0Berg", "Ａda Berg"),
    ],
)
def test_one_person_is_found_however_they_are_called(cell: str, ranked: Read) -> None:
    assert ranked(cell) == ("M01",)


@pytest.mark.parametrize("cell", ["Zoé O'Dea; Ada Berg", "Zoe\u0301 O’Dea, M01", "zoe@example.org\nAda Berg"])
def test_several_people_keep_their_order(cell: str, ranked: Read) -> None:
    assert ranked(cell) == ("M02", "M01")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("Ada Bergg", "names someone who is not a mentor of this cohort; did you mean M01 (Ada Berg)?"),
        ("Zoe O'Dea", "did you mean M02 (Zoé O’Dea)?"),
        ("J. Falk", "did you mean M03 (Jo Falk) or M04 (Jo Falk)?"),
        ("Ada", "names someone who is not a mentor of this cohort"),
        ("Jo Falk", "fits more than one mentor (M03, M04); write an id or an address"),
        ("Bo Falk", "names someone who is not a mentor of this cohort"),
    ],
)
def test_who_is_not_clear_is_asked_about(cell: str, message: str, ranked: Read) -> None:
    with pytest.raises(BadInput) as refusal:
        ranked(cell)
    (problem,) = refusal.value.problems
    assert (problem.file, problem.row, problem.column, problem.value) == ("p.csv", 2, "ranks", cell)
    assert message in problem.message


def test_veto_of_somebody_on_ones_own_side_is_noted_and_of_an_unknown_person_refused(
    mentors: File, mentees: File
) -> None:
    other = {"id": "P2", "name": "Flo Ek", "email": "f@example.org", "vetoes": ""}
    files = {
        Side.MENTOR: ("m.csv", mentors({})),
        Side.MENTEE: ("p.csv", mentees({"vetoes": "Flo Ek"}, other)),
    }
    sheet = read_sides(files, ColumnMapping())[Side.MENTEE]
    assert sheet.notes == ("p.csv, row 2: “Flo Ek” is a participant too (P2), so they are never matched.",)
    lost = files | {Side.MENTEE: ("p.csv", mentees({"vetoes": "my cousin"}))}
    with pytest.raises(BadInput, match="names someone who is not a mentor"):
        read_sides(lost, ColumnMapping())


def test_who_has_no_id_is_found_by_their_name(mentors: File, mentees: File) -> None:
    people = mentors({"name": "Ada Berg"}).replace(b"id,", b"preferred_name,").replace(b'"M01"', b'""')
    files = {Side.MENTOR: ("m.csv", people), Side.MENTEE: ("p.csv", mentees({"ranks": "Ada Berg"}))}
    sheets = read_sides(files, ColumnMapping())
    assert people_of(sheets[Side.MENTEE])[0].ranks == (people_of(sheets[Side.MENTOR])[0].id,) == ("M002",)
