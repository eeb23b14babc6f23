"""How files of another form are read: proposed from likeness with what it was made from, decided by a person."""

import csv
import os
import time
import unicodedata
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.applications.csv.applications import Files, people_of, read_sides
from domain.applications.csv.mapping import read_mapping, undecided
from domain.applications.csv.mapping_writing import write_mapping
from domain.applications.csv.proposal import MappingProposal, propose_mapping
from domain.applications.csv.word_proposals import proposed_word
from domain.matching.run import match
from schemas.applications.mapping import ColumnMapping, SideMapping
from schemas.cohort.settings import Eligibility, MatchingSettings
from schemas.enums import GoalArea, Side
from schemas.errors import BadInput, Problem
from tests.unit.applications.foreign_forms import MENTORS, OTHER_MENTORS, OTHER_PARTICIPANTS, PARTICIPANTS
from tests.unit.applications.workbooks import workbook

Refused = Callable[..., list[Problem]]

FILES: Files = {
    Side.MENTOR: ("mentors.csv", MENTORS.encode()),
    Side.MENTEE: ("participants.csv", PARTICIPANTS.encode("utf-8-sig")),
}
CASES = Path(os.environ.get("MILE_TEST_CASES", Path(__file__).parents[4] / "shared" / "cases"))
ANY_TIME = "mornings;lunch;afternoons;evenings;weekends"


@pytest.fixture(scope="module")
def proposal() -> MappingProposal:
    return propose_mapping(FILES, ColumnMapping())


def _decided(proposal: MappingProposal, **decisions: str) -> ColumnMapping:
    """Return the proposed mapping as somebody leaves it who decides each open question by its word."""
    text = write_mapping(proposal).decode()
    for word, meaning in decisions.items():
        line = f'"{word.replace("_", " ")}" = '
        assert f'{line}"?"' in text
        text = text.replace(f'{line}"?"', f'{line}"{meaning}"')
    return read_mapping("mapping.toml", text.encode())


def test_headings_are_found_by_their_words_and_by_what_stands_below(proposal: MappingProposal) -> None:
    assert proposal.mapping.mentors.columns == {
        "name": "First Name + Last Name",
        "email": "Email Address",
        "library": "Current Institution",
        "library_type": "Type of Library",
        "town": "City",
        "role": "Job Title",
        "working_style": "How do you prefer to work?",
        "availability": "Best times to meet",
        "vetoes": "Anyone you should not be paired with?",
        "years": "Years in libraries",
        "offers": "What areas could you help a mentee with? (check all that apply)",
        "capacity": "How many mentees could you take?",
        "last_attended": "Year you attended MILE (if applicable)",
    }
    assert proposal.mapping.participants.columns == {
        "name": "Full Name (for your name tag)",
        "email": "Email Address",
        "library": "Where do you work?",
        "library_type": "Library type",
        "town": "Town",
        "role": "Position",
        "availability": "When can you meet?",
        "ranks": "Mentor preference (1st choice) + Mentor preference (2nd choice)",
        "reports_to": "Supervisor",
        "years": "Years in libraries",
        "wants": "Areas I want to grow in",
        "goal_1": "Goal #1",
        "goal_2": "Goal #2",
        "challenges": "What challenges you most right now?",
        "hopes": "What do you hope to get from a mentor?",
    }
    assert proposal.ignored[Side.MENTOR] == ("Timestamp", "Can you mentor this year?", "T-shirt size")


def test_words_are_proposed_and_what_nothing_is_like_is_left_open(proposal: MappingProposal) -> None:
    assert proposal.mapping.mentors.values == {
        "library_type": {"Academic (college/university)": "academic", "Regional system": "?"},
        "working_style": {"By a plan": "structured"},
        "availability": {"Any time": ANY_TIME},
        "offers": {"Budgets": "budgeting", "grants and money": "budgeting", "Knitting": "?"},
        "years": {"14 years": "14", "20+": "20"},
        "capacity": {"one": "1"},
        "last_attended": {"N/A": ""},
        "vetoes": {"No one": ""},
    }
    assert proposal.mapping.participants.values == {
        "library_type": {"public library": "public", "School / K-12": "school"},
        "availability": {"Any time": ANY_TIME},
        "years": {"about 7": "7"},
        "ranks": {"Ada OBerg": "ada@example.org", "n/a": ""},
        "reports_to": {"Someone Else": ""},
    }
    assert proposal.mapping.mentors.skip == {"Can you mentor this year?": ("No, sorry",)}


def test_every_guess_says_what_it_was_made_from(proposal: MappingProposal) -> None:
    assert all(guess.basis for guess in proposal.guesses)
    said = {(guess.column, guess.theirs): guess.basis for guess in proposal.guesses}
    assert said["email", "Email Address"] == "like “email address”; 2 of 2 are addresses"
    assert said["ranks", "Ada OBerg"] == "like “Ada O’Berg”"


def test_people_are_read_when_everything_is_decided(proposal: MappingProposal) -> None:
    sheets = read_sides(FILES, _decided(proposal, Regional_system="public", Knitting=""))
    ada, cy, ed = people_of(sheets[Side.MENTOR])
    bo, flo = people_of(sheets[Side.MENTEE])
    assert (ada.name, ada.years, ada.capacity, ada.vetoes) == ("Ada O’Berg", 14, 2, (bo.id,))
    assert ada.offers == (GoalArea.BUDGETING, GoalArea.LEADERSHIP)
    assert (cy.last_attended, cy.capacity, cy.vetoes) == (None, 1, ())
    assert (bo.ranks, flo.ranks, bo.reports_to) == ((cy.id, ada.id), (), None)
    assert sheets[Side.MENTOR].skipped == (4,)
    assert ed.vetoes == ()
    assert "“Ada O'Berg (my friend)” is a mentor too" in sheets[Side.MENTOR].notes[0]


def test_what_is_open_is_asked_and_not_guessed(proposal: MappingProposal) -> None:
    problems = undecided("mapping.toml", proposal.mapping)
    assert [(problem.column, problem.value) for problem in problems] == [
        ("mentors.values.library_type", "Regional system"),
        ("mentors.values.offers", "Knitting"),
    ]
    assert "write one of: public, academic, school, special, state" in problems[0].message


def test_what_is_known_stays_and_only_the_rest_is_proposed() -> None:
    known = _decided(propose_mapping(FILES, ColumnMapping()), Regional_system="special", Knitting="")
    later = MENTORS.replace("Elm System,Regional system", "Elm System,Tribal college").replace("By a plan", "Planned")
    proposal = propose_mapping({Side.MENTOR: ("mentors.csv", later.encode())}, known)
    assert [(guess.theirs, guess.ours) for guess in proposal.guesses] == [
        ("Tribal college", "academic"),
        ("Planned", "structured"),
        ("Bo Falk", "?"),
    ]
    assert proposal.mapping.mentors.values["library_type"]["Regional system"] == "special"


def test_people_stored_before_may_be_named() -> None:
    sheets = read_sides(FILES, _decided(propose_mapping(FILES, ColumnMapping()), Regional_system="public", Knitting=""))
    stored = [(Side.MENTEE, person) for person in people_of(sheets[Side.MENTEE])]
    guesses = propose_mapping({Side.MENTOR: FILES[Side.MENTOR]}, ColumnMapping(), stored).guesses
    assert "Bo Falk" not in {guess.theirs for guess in guesses}


@pytest.mark.parametrize(
    ("cell", "open_words", "proposed"),
    [
        ("Leadership, Gardening", {"Gardening"}, {}),
        ("Goals, how to set them", {"how to set them"}, {"Goals": "goal_setting"}),
        ("Budgets, and so on", set(), {"Budgets, and so on": "budgeting"}),
        ("Leadership, Budgets, and so on", set(), {"Budgets, and so on": "budgeting"}),
        ("Gardening, Cooking", {"Gardening", "Cooking"}, {}),
        ("Public speaking; Gardening, indoors", {"Gardening, indoors"}, {"Public speaking": "communication"}),
    ],
)
def test_unknown_answer_never_disappears_in_the_one_beside_it(
    cell: str, open_words: set[str], proposed: dict[str, str]
) -> None:
    content = MENTORS.replace('"Budgets, grants and money, Leadership"', f'"{cell}"').replace("Knitting", "Teaching")
    guesses = propose_mapping({Side.MENTOR: ("m.csv", content.encode())}, ColumnMapping()).guesses
    offers = {guess.theirs: guess.ours for guess in guesses if guess.kind == "values" and guess.column == "offers"}
    assert offers == dict.fromkeys(open_words, "?") | proposed


@pytest.mark.parametrize(
    ("heading", "left_out"),
    [
        ("Can you mentor this year?", ("No, sorry",)),
        ("Are you able to commit to the 18 months of the program?", ("No, sorry",)),
        ("Would you be willing to mentor two people?", ()),
        ("Are you willing to travel?", ()),
        ("Do you drink coffee?", ()),
    ],
)
def test_rows_are_left_out_only_where_the_question_is_about_taking_part(
    heading: str, left_out: tuple[str, ...]
) -> None:
    content = MENTORS.replace("Can you mentor this year?", heading).replace("Yes!", "Maybe")
    proposal = propose_mapping({Side.MENTOR: ("m.csv", content.encode())}, ColumnMapping())
    assert proposal.mapping.mentors.skip.get(heading, ()) == left_out


def test_proposal_for_five_hundred_rows_takes_three_seconds_at_most() -> None:
    header, *rows = MENTORS.splitlines()
    people = (rows[0].replace("ada@", f"ada{number}@").replace("Ada,", f"Ada{number},") for number in range(500))
    content = "\n".join([header, *people]).encode()
    started = time.process_time()
    proposal = propose_mapping({Side.MENTOR: ("m.csv", content)}, ColumnMapping())
    assert proposal.mapping.mentors.columns["name"] == "First Name + Last Name"
    assert time.process_time() - started < 3


def test_error_of_a_spreadsheet_is_never_given_a_meaning() -> None:
    content = MENTORS.replace("14 years", "#N/A").replace("By a plan", "#REF!").encode()
    proposal = propose_mapping({Side.MENTOR: ("m.csv", content)}, ColumnMapping())
    assert not [guess for guess in proposal.guesses if "#" in guess.theirs]
    with pytest.raises(BadInput) as refusal:
        read_sides({Side.MENTOR: ("m.csv", content)}, proposal.mapping)
    errors = [(problem.row, problem.column, problem.value) for problem in refusal.value.problems if problem.value]
    assert (2, "Years in libraries", "#N/A") in errors
    assert (3, "How do you prefer to work?", "#REF!") in errors


def test_name_that_is_like_two_people_is_left_open() -> None:
    mentors = MENTORS.replace("Ada,O’Berg", "Eric,Johnson").replace("Cy,Dahl", "Erik,Johnson")
    participants = PARTICIPANTS.replace("Cy Dahl", "Erik Johnson").replace("Ada OBerg", "E. Johnson")
    files = {Side.MENTOR: ("m.csv", mentors.encode()), Side.MENTEE: ("p.csv", participants.encode())}
    ranks = propose_mapping(files, ColumnMapping()).mapping.participants.values["ranks"]
    assert ranks["E. Johnson"] == "?"


@pytest.mark.parametrize("slip", [{"offers": "knitting"}, {"offerings": "x"}, {"notes": "x"}])
def test_files_in_our_own_columns_need_no_mapping(slip: dict[str, str], mentors: Callable[..., bytes]) -> None:
    misspelled = mentors({"about": "x"}).replace(b"library_type", b"libary_type")
    for content in (mentors(slip), misspelled):
        assert propose_mapping({Side.MENTOR: ("m.csv", content)}, ColumnMapping()).guesses == ()


def test_other_common_forms_are_recognized_too() -> None:
    files = {Side.MENTOR: ("m.csv", OTHER_MENTORS.encode()), Side.MENTEE: ("p.csv", OTHER_PARTICIPANTS.encode())}
    proposal = propose_mapping(files, ColumnMapping())
    assert proposal.mapping.mentors.columns == {
        "name": "Your first and last name",
        "email": "Email",
        "library": "Name of your library",
        "library_type": "What type of library do you work in?",
        "town": "What city is your library in?",
        "role": "What is your current job title?",
        "availability": "When are you usually free to meet?",
        "years": "How long have you worked in libraries?",
        "offers": "Which topics could you mentor someone in?",
        "last_attended": "Which MILE class were you in?",
    }
    assert proposal.mapping.participants.columns == {
        "name": "First + Last",
        "email": "Work Email",
        "library": "Workplace",
        "library_type": "Library kind",
        "town": "Town where you work",
        "role": "Role/Title",
        "years": "# of years in the profession",
        "wants": "Focus areas",
        "goal_1": "Your top goal",
        "goal_2": "Second goal",
        "ranks": "Top mentor choice + Second mentor choice",
    }
    assert {guess.theirs for guess in proposal.guesses if guess.is_open} == {"10-15 years", "Other"}
    assert proposal.mapping.mentors.values["last_attended"] == {"Class of 2008": "2008"}
    assert proposal.mapping.mentors.skip == {}


def test_heading_that_is_missing_is_left_open() -> None:
    content = MENTORS.replace("City,", "Shoe size,", 1).encode()
    proposal = propose_mapping({Side.MENTOR: ("m.csv", content)}, ColumnMapping())
    assert proposal.mapping.mentors.columns["town"] == "?"
    assert undecided("mapping.toml", proposal.mapping)[0].column == "mentors.columns.town"


@pytest.mark.parametrize(
    ("column", "word", "meaning"),
    [
        *(("years", "less than a year", None), ("years", "5-10", None), ("years", "18 months", "1")),
        *(("years", "<1", "0"), ("years", "about 25", "25"), ("years", "twelve", "12"), ("years", "2.5 yrs", "2")),
        *(("capacity", "one or two", None), ("capacity", "up to 2", "2"), ("last_attended", "MILE 2015", "2015")),
        *(("last_attended", "2015 or 2016", None), ("last_attended", "never", ""), ("library_type", "Other", None)),
        *(("library_type", "Medical / special", "special"), ("availability", "after work", "evenings")),
        *(("offers", "Supervising staff", "supervision"), ("offers", "Knitting", None)),
    ],
)
def test_word_is_proposed_where_it_is_clear(column: str, word: str, meaning: str | None) -> None:
    proposal = proposed_word(column, word)
    assert (proposal.meaning if proposal else None) == meaning


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
headings = st.dictionaries(st.sampled_from(["name", "email", "years"]), words, max_size=3)
meanings = st.dictionaries(words, words, min_size=1, max_size=3)
sides = st.builds(
    SideMapping,
    columns=headings,
    values=st.dictionaries(st.sampled_from(["years", "ranks"]), meanings, max_size=2),
    skip=st.dictionaries(words, st.lists(words, min_size=1, max_size=2).map(tuple), max_size=2),
)


@given(st.builds(ColumnMapping, mentors=sides, participants=sides))
@settings(max_examples=50, deadline=None, database=None)
def test_mapping_that_is_written_reads_back_the_same(mapping: ColumnMapping) -> None:
    text = write_mapping(MappingProposal(mapping))
    assert read_mapping("mapping.toml", text) == ColumnMapping.model_validate(mapping.model_dump())


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=6), min_size=2, max_size=5))
@settings(max_examples=50, deadline=None, database=None)
def test_any_table_gets_a_proposal_or_is_refused(rows: list[list[str]]) -> None:
    content = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("utf-8", "replace")
    try:
        propose_mapping({Side.MENTOR: ("m.csv", content)}, ColumnMapping())
    except BadInput as refusal:
        assert str(refusal).startswith("m.csv")  # noqa: PT017 - either way is right


@pytest.fixture
def forms() -> dict[Side, str]:
    """Give the two forms of a real kind as text."""
    folder = CASES / "google-forms"
    if not folder.exists():
        pytest.skip(f"{folder} is not there; set MILE_TEST_CASES to the folder of cases")
    names = {Side.MENTOR: "mentors.csv", Side.MENTEE: "participants.csv"}
    return {side: (folder / name).read_bytes().decode("utf-8-sig") for side, name in names.items()}


def _read(files: Files) -> dict[Side, list[Any]]:
    """Return the people of two forms, with one open question decided."""
    proposal = propose_mapping(files, ColumnMapping())
    assert [guess.theirs for guess in proposal.guesses if guess.is_open] == ["Regional system"]
    sheets = read_sides(files, _decided(proposal, Regional_system="public"))
    return {side: list(people_of(sheets[side])) for side in files}


@pytest.mark.parametrize(
    "saved",
    [
        pytest.param(lambda text: unicodedata.normalize("NFD", text).encode("utf-16"), id="decomposed, utf-16"),
        pytest.param(lambda text: text.encode("cp1252"), id="windows-1252"),
        pytest.param(lambda text: "\r".join(text.splitlines()).encode("mac_roman"), id="mac roman"),
        pytest.param(lambda text: workbook({"Form": list(csv.reader(StringIO(text)))}), id="workbook"),
    ],
)
def test_forms_read_the_same_however_they_were_saved(saved: Callable[[str], bytes], forms: dict[Side, str]) -> None:
    plain = {side: ("form", text.encode()) for side, text in forms.items()}
    assert _read({side: ("form", saved(text)) for side, text in forms.items()}) == _read(plain)


def test_forms_of_a_real_kind_need_one_decision_and_everybody_is_matched(forms: dict[Side, str]) -> None:
    people = _read({side: (str(side), text.encode()) for side, text in forms.items()})
    mentors, mentees = people[Side.MENTOR], people[Side.MENTEE]
    assert (len(mentors), len(mentees)) == (20, 18)
    names = {person.id: person.name for person in mentors}
    assert [names[id_] for person in mentees for id_ in person.ranks] == [
        *("Shanice Whitfield", "Amira Hassan", "Gary Thorson"),
    ]
    assert [(person.name, person.years) for person in mentors[1:4]] == [
        *(("Tou Yang", 14), ("Maureen O’Brien", 20), ("Bob Nygaard", 25)),
    ]
    result = match(mentors, mentees, MatchingSettings(), eligibility=Eligibility(), kickoff_on=None)
    assert (result.coverage, result.unplaced) == (18, ())
