"""Paper for the last day: nothing is cut off, nothing leaves its place, and nothing private is printed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache, partial
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from emails.samples import SAMPLE_COHORT
from schemas.applications.people import Person
from schemas.cohort.settings import ProgramContact
from schemas.enums import Side
from web.documents.cards import PairCard, name_tags, pair_cards, people_lacking_glyphs

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCESSIBLE = b"<pdfuaid:part>1"
# 60 letters and more: Somali, Spanish, Ojibwe, Hmong, and one without a place to break it.
LONG = [
    "Cabdiraxmaan Maxamed Xuseen Cabdullaahi Faarax Warsame Jaamac",
    "María de los Ángeles Fernández-Villanueva y Rodríguez Castro",
    "Waabanakwe Giizhigookwe Niizhoosagoons-Maanidoowab Ānang-Ojiig",
    "Paj Ntaub Yaj Vaj-Xyooj Maiv Nkauj Hnub Kab Npauj Ntxhais Hli",
    "W" * 60,
]
FAR_TOO_LONG = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example.org"
HALF, INCH = 5.5, 72


def person(number: int = 1, *, side: Side = Side.MENTOR, **different: str) -> Person:
    details = {
        "id": f"{'M' if side is Side.MENTOR else 'P'}{number:02}",
        "name": "Ada Berg",
        "email": f"secret{number}@example.org",
        "library": "Library of Ely",
        "town": "Ely",
        "role": "Clerk",
    }
    return Person.model_validate(details | {"side": side} | different)


def card(mentor: str = "Ada Berg", mentee: str = "Pa Houa Vang", shared: Sequence[str] = ()) -> PairCard:
    return PairCard(
        mentor=person(side=Side.MENTOR, name=mentor), mentee=person(side=Side.MENTEE, name=mentee), shared=tuple(shared)
    )


Piece = tuple[str, float, float, float]


@lru_cache(maxsize=1)
def read(pdf: bytes) -> list[tuple[str, list[Piece]]]:
    """Return each page's text and its pieces; the tests that look at both read a PDF once."""
    found = []
    for page in PdfReader(BytesIO(pdf)).pages:
        pieces: list[Piece] = []
        text = page.extract_text(visitor_text=partial(note, pieces))
        found.append((" ".join(text.split()), pieces))
    return found


def note(
    pieces: list[Piece], text: str, user: Sequence[float], matrix: Sequence[float], _: object, size: float
) -> None:
    if text.strip():
        x = matrix[4] * user[0] + matrix[5] * user[2] + user[4]
        y = matrix[4] * user[1] + matrix[5] * user[3] + user[5]
        pieces.append((text, x / INCH, 11 - y / INCH, size))


def pages(pdf: bytes) -> list[str]:
    return [text for text, _ in read(pdf)]


def created_at(pdf: bytes) -> datetime | None:
    written = PdfReader(BytesIO(pdf)).metadata
    assert written
    return written.creation_date


def unspaced(words: str) -> str:
    return re.sub(r"[\s\u200b]", "", words)


def places(pdf: bytes, page: int = 0) -> list[Piece]:
    """Return each piece of text with where it begins (inches from the left and from the top) and its size (points)."""
    return read(pdf)[page][1]


def test_card_says_who_they_are_what_they_share_what_comes_first_and_whom_to_ask() -> None:
    shared = ("Both work in the same kind of library: public.",)
    (sheet,) = pages(pair_cards(SAMPLE_COHORT, [card(shared=shared)]))
    assert sheet == (
        "MILE mentorship, 2019 Mentorship Program "
        "Mentor Ada Berg Clerk Library of Ely Ely Mentee Pa Houa Vang Clerk Library of Ely Ely "
        "What you have in common • Both work in the same kind of library: public. "
        "First steps • The mentor gets in touch with the mentee by Friday, May 31, 2019. "
        "• When you talk, look at the goals and agree how often you want to meet. At least quarterly is recommended. "
        "• From Friday, May 17, 2019 on, an email asks you both to write down your agreement. "
        "Your mentorship ends on Tuesday, November 10, 2020. What you talk about stays between you. "
        "Questions? Ask the Mentorship Subcommittee Chair, mentorship.chair@example.org."
    )


def test_pairs_with_nothing_in_common_get_a_card_without_that_part() -> None:
    assert "in common" not in pages(pair_cards(SAMPLE_COHORT, [card()]))[0]


def test_cards_follow_the_cohorts_own_days_and_whoever_answers() -> None:
    cohort = SAMPLE_COHORT.model_copy(
        update={
            "timeline": SAMPLE_COHORT.timeline.model_copy(update={"months": 12}),
            "contact": ProgramContact(role="Mentorship Team", email="team@example.org"),
        }
    )
    (sheet,) = pages(pair_cards(cohort, [card()]))
    assert "ends on Sunday, May 10, 2020" in sheet
    assert "Ask the Mentorship Team, team@example.org." in sheet


def test_two_cards_share_a_sheet_and_the_third_begins_another() -> None:
    names = ["Ada", "Bo", "Cy"]
    sheets = pages(pair_cards(SAMPLE_COHORT, [card(mentor=name) for name in names]))
    assert [[name for name in names if f"Mentor {name} " in sheet] for sheet in sheets] == [["Ada", "Bo"], ["Cy"]]


def test_cards_and_tags_print_no_address_of_participants_and_are_always_the_same() -> None:
    cards = [pair_cards(SAMPLE_COHORT, [card()]) for _ in range(2)]
    tags = [name_tags(SAMPLE_COHORT, [person()]) for _ in range(2)]
    for first, second in (cards, tags):
        assert first == second
        assert created_at(first) == datetime(2019, 5, 10, tzinfo=UTC)
        assert "secret" not in pages(first)[0]


def test_twelve_tags_fill_a_sheet() -> None:
    people = [person(number, name=f"Person {number:02}") for number in range(1, 14)]
    first, second = pages(name_tags(SAMPLE_COHORT, people))
    assert first.count("Library of Ely") == 12
    assert second == "MILE Person 13 Library of Ely Mentor"


@pytest.mark.parametrize("name", LONG)
def test_long_names_are_set_smaller_and_stay_whole(name: str) -> None:
    tags = name_tags(SAMPLE_COHORT, [person(name=name), person(2, name="Ada Berg")])
    assert unspaced(name) in unspaced(pages(tags)[0])
    sizes = {unspaced(text): size for text, _, _, size in places(tags)}
    largest = sizes.pop("AdaBerg")
    parts = [size for text, size in sizes.items() if text in unspaced(name)]
    assert parts
    assert all(9 <= size < largest for size in parts)
    cards = pair_cards(SAMPLE_COHORT, [card(mentor=name, mentee=name)])
    assert unspaced(pages(cards)[0]).count(unspaced(name)) == 2
    assert ACCESSIBLE in tags
    assert ACCESSIBLE in cards


LETTERS = st.text(st.characters(codec="latin-1", categories=("Lu", "Ll", "Zs", "Pd", "Po", "Nd")), min_size=1)
FILLED = LETTERS.map(lambda words: (words * 200)[:200]).filter(str.strip)


@given(name=FILLED, other=FILLED)
@settings(max_examples=3, phases=(Phase.explicit, Phase.generate))
@example(name="W" * 200, other="i" * 200)
@example(name="Aa-bB " * 33, other="-" * 200)
def test_the_longest_words_there_can_be_stay_on_their_tag_and_card(name: str, other: str) -> None:
    cohort = SAMPLE_COHORT.model_copy(
        update={"title": name, "contact": ProgramContact(role="R" * 100, email=FAR_TOO_LONG)}
    )
    tags = name_tags(cohort, [person(number, name=name, library=other) for number in range(6)])
    (sheet,) = pages(tags)
    assert unspaced(sheet).count(unspaced(name) + unspaced(other) + "Mentor") == 6
    assert all(0.2 < (top - 0.5) % 2.5 < 2.45 and top < 5.5 for _, _, top, _ in places(tags))
    full = person(name=name, library=other, role=name, town=other)
    cards = pair_cards(cohort, [PairCard(mentor=full, mentee=full, shared=(name, other) * 2)] * 2)
    (sheet,) = pages(cards)
    tops = [top for _, _, top, _ in places(cards)]
    assert all(0.3 < top % HALF < HALF - 0.3 for top in tops)
    upper = sum(top < HALF for top in tops)
    assert upper == len(tops) - upper
    assert unspaced(sheet).count(f"{FAR_TOO_LONG}.") == 2


@pytest.mark.parametrize("name", ["#panic() *Ana* $x$ @ana", "a\u202ebc\ndef", '"quoted" \\ {"a": 1}', "<b>Ana</b>"])
def test_any_name_is_a_name_and_nothing_else(name: str) -> None:
    shown = unspaced("".join(letter for letter in name if letter not in "\u202e"))
    assert shown in unspaced(pages(name_tags(SAMPLE_COHORT, [person(name=name)]))[0])
    assert shown in unspaced(pages(pair_cards(SAMPLE_COHORT, [card(mentor=name)]))[0])


def test_letters_no_font_has_are_named_by_person_and_all_others_are_printed() -> None:
    ada, bo = person(1), person(2, name="Bo \U00016b1c\U00016b04")
    assert people_lacking_glyphs([ada]) == ()
    assert people_lacking_glyphs([ada, bo]) == ("M02",)
    assert "Ada Berg" in pages(name_tags(SAMPLE_COHORT, [ada, bo]))[0]
    assert ACCESSIBLE not in name_tags(SAMPLE_COHORT, [ada, bo])
