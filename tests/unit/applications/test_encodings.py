"""The same people are read from a file however its letters, forms and line ends were saved, or it is refused."""

import unicodedata
from collections.abc import Callable
from typing import Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.applications.csv.applications import read_mentors
from domain.applications.csv.parsing import parse_file
from domain.input_files.decoding import decode, decode_text
from domain.input_files.spelling import comparable
from domain.matching.employers import is_same_employer, parse_employer
from schemas.applications.mapping import SideMapping
from schemas.applications.people import MentorApplication
from schemas.enums import TextEncoding
from schemas.errors import BadInput, Problem

File = Callable[..., bytes]
Refused = Callable[..., list[Problem]]

HEADER = "id,name,email,library,library_type,town,role,years,offers"
# Letters that every one of the encodings has, in words in which no other reading makes sense.
WORDS = st.sampled_from(["Zoé", "Bjørk", "Bibliothèque", "Société", "plain", "Ely", "Françoise", "Gårder"])
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"]
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = get_args(Form)
quick = settings(max_examples=150, deadline=None, database=None)


def _file(names: list[tuple[str, str]]) -> str:
    rows = [
        f"M{number:02},{name},m{number}@example.org,{library},public,Ely,Director,12,teaching"
        for number, (name, library) in enumerate(names)
    ]
    return "\n".join([HEADER, *rows, ""])


@given(
    st.lists(st.tuples(PHRASES, PHRASES), min_size=1, max_size=4),
    st.sampled_from(FORMS),
    st.sampled_from(ENCODINGS),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@quick
def test_reading_is_the_same_for_every_form_encoding_and_line_end(
    names: list[tuple[str, str]], form: Form, encoding: str, ending: str
) -> None:
    text = _file(names)
    if encoding.startswith("utf"):  # the others have composed letters only
        text = unicodedata.normalize(form, text)
    people = read_mentors("m.csv", text.replace("\n", ending).encode(encoding))
    assert [(person.name, person.library) for person in people] == names


@given(st.text(max_size=30), st.sampled_from(FORMS))
@quick
def test_words_compare_the_same_in_every_form(words: str, form: Form) -> None:
    assert comparable(unicodedata.normalize(form, words)) == comparable(words)
    assert comparable(comparable(words).upper().lower()) == comparable(words.upper().lower())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bibliothèque Évangéline", unicodedata.normalize("NFD", "Bibliothèque Évangéline")),
        ("O’Dea Library", "O'Dea Library"),
        ("O´Dea Library", "O`Dea Library"),
        ("Ｌｏｏｎ　Library", "Loon Library"),
        ("Book &amp; Co", "Book & Co"),
        ("Zo&euml; Books", "Zoë Books"),
        ("Lo\u00adon\u200b Library", "Loon Library"),
        ("Loon\u00a0 Library", "Loon Library"),
        ("Ely–Winton Books", "Ely-Winton Books"),
        ("STRASSE Books", "straße books"),
    ],
)
def test_one_employer_in_two_spellings_is_one(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)
    assert is_same_employer(parse_employer(one), parse_employer(other))


def test_what_is_shown_stays_as_it_was_typed(mentors: File) -> None:
    (person,) = read_mentors("m.csv", mentors({"library": "O’Dea &amp; Ｓｏｎ", "name": "Zoe\u0301 Berg"}))
    assert (person.library, person.name) == ("O’Dea &amp; Ｓｏｎ", "Zoé Berg")


def test_guessed_encoding_is_said_with_words_that_show_it(mentors: File) -> None:
    content = mentors({"name": "Zoé Bjørk"}).decode().encode("cp1252")
    (note,) = parse_file(MentorApplication, "m.csv", content).notes
    assert "read as windows-1252: “Zoé”, “Bjørk”" in note
    assert parse_file(MentorApplication, "m.csv", mentors({"name": "Zoé Bjørk"})).notes == ()
    # Words that show it are looked for in one pass, however long a word without any such letter is.
    assert decode_text("m.csv", b"a" * 1_000_000 + b" Zo\xe9;Bj\xf8rk").guessed == ("Zoé", "Bjørk")


@pytest.mark.parametrize(
    ("content", "row", "message"),
    [
        ("id,name\n1,Zoé\n".encode() + "2,Bjørk\n".encode("cp1252"), 3, "though other letters of this file are"),
        ("id,name\r1,Zoé\r".encode() + b"2,cut \xc3", 3, "though other letters of this file are"),
        ("id,name\n1,Tom’s\n".encode("cp1252"), 2, "as “Tom’s” (windows-1252) or as “Tomís” (mac-roman)"),
        ("id,name\n1,Björn\n".encode("mac_roman"), 2, "as “Bjšrn” (windows-1252) or as “Björn” (mac-roman)"),
        ("id,name\n1,Zoé ö\n".encode("cp850"), 2, "unknown encoding"),
    ],
)
def test_letters_that_can_be_read_in_two_ways_are_asked_about(
    content: bytes, row: int, message: str, refused: Refused
) -> None:
    (problem,) = refused(decode, "m.csv", content)
    assert problem.row == row
    assert message in problem.message
    assert "--encoding" in problem.message


@pytest.mark.parametrize("saved", [lambda text: text.encode("utf-16-be"), lambda text: text.encode() + b"\0"])
def test_what_holds_nul_bytes_is_no_text(saved: Callable[[str], bytes], refused: Refused) -> None:
    (problem,) = refused(decode, "m.csv", saved("id,name\n1,Zoé"))
    assert "NUL bytes" in problem.message


@pytest.mark.parametrize("encoding", list(TextEncoding))
def test_encoding_that_is_said_is_taken(encoding: TextEncoding, mentors: File) -> None:
    content = mentors({"name": "Zoé Björn"}).decode().encode(encoding.codec)
    (person,) = read_mentors("m.csv", content, SideMapping(encoding=encoding))
    assert person.name == "Zoé Björn"


def test_encoding_that_cannot_be_is_refused_with_its_row(refused: Refused) -> None:
    (problem,) = refused(decode, "m.csv", "id\n1\n2,Bjørk".encode("cp1252"), TextEncoding.UTF_8)
    assert (problem.row, "not utf-8" in problem.message) == (3, True)


@given(st.binary(max_size=200), st.sampled_from(TextEncoding))
@quick
def test_any_bytes_are_decoded_as_a_whole_or_refused(content: bytes, encoding: TextEncoding) -> None:
    try:
        text = decode_text("m.csv", content, encoding).text
    except BadInput as refusal:
        assert str(refusal).startswith("m.csv")  # noqa: PT017 - either way is right
    else:
        assert not text.startswith("\ufeff")
        assert "\r" not in text


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;;", "\ufeffsep=;"])
def test_line_that_says_the_separator_is_none_of_the_rows(first: str, mentors: File, refused: Refused) -> None:
    rows = mentors({"name": "Zoé, Berg"}, {"id": "M02", "email": "x"}).decode().replace('","', '";"')
    header, _, people = rows.partition("\n")
    content = f"{first}\r\n{header.replace(',', ';')}\n{people}".encode()
    (problem,) = refused(read_mentors, "m.csv", content)
    assert (problem.row, problem.column) == (3, "email")


@pytest.mark.parametrize(
    "heading",
    ["\ufeff\ufeffid", "i\u200bd", "id\u00ad", "\u00a0id", "ＩＤ"],
    ids=["marks", "zwsp", "shy", "nbsp", "wide"],
)
def test_headings_have_nothing_invisible(heading: str, mentors: File) -> None:
    assert read_mentors("m.csv", mentors().replace(b"id,", f"{heading},".encode(), 1))[0].id == "M01"


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("name", "#REF!", "an error of the spreadsheet"),
        ("town", "#N/A", "an error of the spreadsheet"),
        ("years", "#DIV/0!", "an error of the spreadsheet"),
        ("role", "Err:502", "an error of the spreadsheet"),
        ("library", "#####", "an error of the spreadsheet"),
        ("library", "\u200b\u00ad", "looks empty"),
        ("name", "\u3164", "looks empty"),
        ("name", "---", "looks empty"),
        ("town", "N/A", "looks empty"),
        ("name", "null", "looks empty"),
        ("name", "Zo� Berg", "where a letter was lost"),
        ("name", "ZoÃ© Berg", "misread once"),
    ],
)
def test_what_no_person_answered_is_refused(
    column: str, cell: str, message: str, mentors: File, refused: Refused
) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({column: cell}))
    assert (problem.row, problem.column) == (2, column)
    assert message in problem.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@müller.example.com", "ada@xn--mller-kva.example.com"),
        ("Ada Berg <ada@example.org>", "ada@example.org"),
        ("ada\u200b@example.org", "ADA@Example.org"),
        ("ａｄａ@example.org", "ada@example.org"),
    ],
)
def test_one_address_in_two_spellings_is_one(one: str, other: str, mentors: File, refused: Refused) -> None:
    (problem,) = refused(read_mentors, "m.csv", mentors({"email": one}, {"id": "M02", "email": other}))
    assert (problem.row, problem.column, problem.value) == (3, "email", other.replace("\u200b", ""))
    assert "stands in row 2 already" in problem.message
