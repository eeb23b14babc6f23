"""Files as spreadsheets save them: encodings, separators, line ends, torn rows."""

import csv
import time
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest

from domain.applications.csv.applications import read_mentees, read_mentors
from schemas.errors import BadInput, Problem
from tests.unit.applications.workbooks import workbook

File = Callable[..., bytes]
Refused = Callable[..., list[Problem]]


@pytest.mark.parametrize(
    "saved",
    [
        pytest.param(lambda text: text.encode("utf-8"), id="utf-8"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(lambda text: "\ufeff\ufeff".encode() + text.encode(), id="two byte order marks"),
        pytest.param(lambda text: text.encode("utf-16"), id="utf-16"),
        pytest.param(lambda text: b"\xfe\xff" + text.encode("utf-16-be"), id="utf-16, high byte first"),
        pytest.param(lambda text: text.encode("cp1252"), id="windows-1252"),
        pytest.param(lambda text: text.replace("\n", "\r").encode("mac_roman"), id="mac roman with lone cr"),
        pytest.param(lambda text: text.encode("mac_roman"), id="mac roman"),
        pytest.param(lambda text: ("sep=;\n" + text.replace('","', '";"').replace(",", ";")).encode(), id="sep line"),
        pytest.param(lambda text: text.encode("latin-1"), id="latin-1"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="lone cr"),
        pytest.param(lambda text: text.replace('","', '";"').replace(",", ";").encode(), id="semicolons"),
        pytest.param(lambda text: text.replace('","', '"\t"').replace(",", "\t").encode(), id="tabs"),
        pytest.param(lambda text: (text + "\n\n").encode(), id="blank rows at the end"),
        pytest.param(lambda text: text.replace("\n", ",,\n").encode() + b",,", id="nameless columns at the right edge"),
    ],
)
def test_one_mentor_reads_the_same_however_the_file_was_saved(saved: Callable[[str], bytes], mentors: File) -> None:
    plain = mentors({"name": "Zoé Bjørk", "library": "Café Library"})
    assert read_mentors("m.csv", saved(plain.decode())) == read_mentors("m.csv", plain)
    assert read_mentors("m.csv", plain)[0].name == "Zoé Bjørk"


def test_header_is_read_without_case_blanks_and_the_choice_of_underscores(mentors: File) -> None:
    content = mentors().replace(b"library_type", b" Library TYPE ").replace(b"id,", b"ID,")
    assert read_mentors("m.csv", content)[0].library_type == "public"


def test_workbook_reads_as_the_csv_file_of_its_sheet(mentors: File) -> None:
    content = mentors({"name": "Zoé Bjørk", "library": "Café, Library"})
    header, row = csv.reader(StringIO(content.decode()))
    cells = [int(cell) if cell.isdigit() else cell for cell in row]
    saved = workbook({"Responses": [header, [], cells], "Empty": [], "Old": [["x"]]}, hidden="Old")
    assert read_mentors("m.xlsx", saved) == read_mentors("m.csv", content)


def test_error_of_a_workbook_is_named_by_row_and_column(mentors: File, refused: Refused) -> None:
    header, row = csv.reader(StringIO(mentors({"town": "#REF!"}).decode()))
    (problem,) = refused(read_mentors, "m.xlsx", workbook({"Responses": [header, row]}))
    assert (problem.row, problem.column, problem.value) == (2, "town", "#REF!")


def _packed(parts: dict[str, str]) -> bytes:
    """Return a workbook of one sheet with some parts instead of its own."""
    whole, written = zipfile.ZipFile(BytesIO(workbook({"A": [["id"]]}))), BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in [*whole.namelist(), *(parts.keys() - set(whole.namelist()))]:
            packed.writestr(name, parts.get(name) or whole.read(name))
    return written.getvalue()


def _sheet(rows: str) -> bytes:
    return _packed({"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>"})


CELL = "<c><v>1</v></c>"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        # What reads these would ask for a place for each cell up to the last one: 500 GB for the first.
        (_sheet(f'<row r="1">{CELL}</row><row><c r="XFD1048576"><v>1</v></c></row>'), "row 1048576"),
        (_sheet(f"<row>{CELL * 1000}</row>{f'<row>{CELL}</row>' * 1000}"), "column 1000"),
        (_sheet('<x:row r="1048576" xmlns:x="x"><x:c><x:v>1</x:v></x:c></x:row>'), "row 1048576"),
        (_packed({"content.xml": "<a/>"}), "of another kind"),
        (_packed({"xl/workbook.bin": "a"}), "of another kind"),
        # A cell that never ends is looked for once, not once for each of its beginnings.
        (_sheet(f"<!--{'<c ' * 1_000_000}-->"), "is empty"),
    ],
)
def test_workbook_that_would_fill_the_memory_is_refused(content: bytes, message: str, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.xlsx", content)
    assert message in problem.message


def test_empty_cell_far_away_is_none(mentors: File) -> None:
    header, row = csv.reader(StringIO(mentors().decode()))
    saved = workbook({"A": [header, row]})
    sheet = zipfile.ZipFile(BytesIO(saved)).read("xl/worksheets/sheet1.xml").decode()
    far = sheet.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    assert read_mentors("m.xlsx", _packed({"xl/worksheets/sheet1.xml": far})) == read_mentors("m.xlsx", saved)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (workbook({"A": [["id"]], "B": [["id"]]}), "has more than one sheet with something in it (A, B)"),
        (workbook({"A": []}), "is empty"),
        (workbook({"A": [["id"]]})[:-40], "cannot be opened"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old kind"),
    ],
)
def test_workbook_that_cannot_be_read_is_refused(content: bytes, message: str, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.xlsx", content)
    assert message in problem.message


def test_quoted_line_breaks_stay_in_their_cell_and_do_not_count_as_rows(mentors: File, refused: Refused) -> None:
    answers = {"about": "first line\nsecond, line"}
    assert read_mentors("m.csv", mentors(answers))[0].about == "first line\nsecond, line"
    content = mentors(answers, answers | {"id": "M02", "email": "nobody"})
    assert [(problem.row, problem.column) for problem in refused(read_mentors, "m.csv", content)] == [(3, "email")]


def test_blank_rows_hold_nobody_but_count(mentors: File, refused: Refused) -> None:
    header, row = mentors().split(b"\n")
    assert len(read_mentors("m.csv", b"\n".join([header, b"", b",,,,,,,", row]))) == 1
    bad = b"\n".join([header, b"", row.replace(b'"12"', b'"many"')])
    assert refused(read_mentors, "m.csv", bad)[0].row == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        ("id,name".encode("utf-16-be"), "NUL"),
        (b"id,name\nM01,A\0da\n", "NUL"),
        (b"PK\x03\x04\x14\x00", "workbook"),
    ],
)
def test_file_that_is_no_text_is_refused_with_what_to_do(content: bytes, message: str, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "mentors.csv", content)
    assert problem.file == "mentors.csv"
    assert message in problem.message
    assert "sav" in problem.message


def test_file_with_more_columns_than_any_form_is_refused(refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", b"x," * 5000 + b"x\n1")
    assert "has 5001 columns" in problem.message


def test_header_without_rows_is_refused(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors().split(b"\n")[0])
    assert "no rows" in problem.message


def test_blank_first_row_is_refused(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", b"\n" + mentors())
    assert (problem.row, problem.message) == (1, "must name its columns in the first row")


def test_row_with_too_few_or_too_many_cells_is_named_and_the_others_are_still_checked(
    mentors: File, refused: Refused
) -> None:
    content = mentors({}, {"id": "M02", "email": "nobody"}) + b'\n"M03","short"\n' + b"1,2,3,4,5,6,7,8,9"
    problems = refused(read_mentors, "m.csv", content)
    assert [problem.row for problem in problems] == [3, 4, 5]
    assert "fewer cells than the header (2 instead of 8)" in problems[1].message
    assert "more cells than the header (9 instead of 8)" in problems[2].message


def test_quotation_mark_without_partner_is_found_in_its_row(mentors: File, refused: Refused) -> None:
    content = mentors() + b'\n"M02,never closed\nM03,and more'
    (problem,) = refused(read_mentors, "m.csv", content)
    assert problem.row == 3
    assert "quotation mark" in problem.message


def test_endless_cell_is_refused_with_its_limit(mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({"about": "x" * 200_000}))
    assert problem.row == 2
    assert "more than 131072 characters" in problem.message


@pytest.mark.parametrize("title", [b"Mentors 2021\n", b""])
def test_first_row_that_names_no_column_is_refused_in_one_sentence(
    title: bytes, mentors: File, refused: Refused
) -> None:
    header, _, people = mentors().partition(b"\n")
    (problem,) = refused(read_mentors, "m.csv", title + header + b"\n" + people if title else people + b"\n" + people)
    assert (problem.row, problem.column) == (1, None)
    assert "at least name, email" in problem.message


def test_swapped_files_are_recognized(mentors: File, mentees: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentees({"goal_1": "Lead", "wants": "leadership"}))
    assert (problem.row, problem.value) == (1, "goal_1, wants")
    assert "swapped" in problem.message
    (problem,) = refused(read_mentees, "p.csv", mentors({"offers": "leadership"}))
    assert "holds columns of the mentors' list" in problem.message


def test_reading_mentors_takes_longer_with_their_number_and_not_with_its_square(mentors: File) -> None:
    def seconds(count: int) -> float:
        content = mentors(*({"id": f"M{n}", "email": f"m{n}@example.org"} for n in range(count)))
        started = time.process_time()
        assert len(read_mentors("m.csv", content)) == count
        return time.process_time() - started

    # Ten times the rows take about ten times as long; work that grows with their square would take a hundred times.
    assert seconds(10_000) < 40 * seconds(1000)


def test_message_shows_fifty_problems_and_counts_the_rest(mentors: File) -> None:
    content = mentors(*({"id": f"M{n}", "email": f"m{n}@example.org", "years": "many"} for n in range(70)))
    with pytest.raises(BadInput) as refusal:
        read_mentors("m.csv", content)
    lines = str(refusal.value).split("\n")
    assert len(refusal.value.problems) == 70
    assert (len(lines), lines[-1]) == (51, "… and 20 more")
    assert lines[0] == "m.csv, row 2, column years: must be a whole number, in digits and nothing else (found: 'many')"
