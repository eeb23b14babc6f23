"""Files as people saved them elsewhere, after public reports of what went wrong; read where they are, by command."""

import os
from pathlib import Path

import pytest

from cli.main import main
from schemas.matching.results import MatchResult

CASES = Path(os.environ.get("MILE_TEST_CASES", Path(__file__).parents[4] / "shared" / "cases"))


def run(capsys: pytest.CaptureFixture[str], folder: str, *options: str, participants: str = "participants.csv") -> str:
    """Match the two files of a case; return what it prints, or what it refuses with."""
    if not (CASES / folder).exists():
        pytest.skip(f"{folder} is not in {CASES}; set MILE_TEST_CASES to the folder of cases")
    files = ("--mentors", f"{CASES}/{folder}/mentors.csv", "--participants", f"{CASES}/{folder}/{participants}")
    with pytest.raises(SystemExit) as ended:
        main(["match", *files, *options])
    out, err = capsys.readouterr()
    return err if ended.value.code else out


@pytest.mark.parametrize(
    ("folder", "participants"),
    [
        ("nfd-employer", "participants.csv"),
        ("nfd-employer", "participants-nfc.csv"),
        ("sep-line", "participants.csv"),
        ("double-bom", "participants.csv"),
    ],
)
def test_two_people_of_one_library_are_not_matched_however_its_name_is_saved(
    folder: str, participants: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = MatchResult.model_validate_json(run(capsys, folder, "--json", participants=participants))
    # 32.5 of the 80 points that count: nobody ranked anybody.
    assert [(pair.mentee, pair.mentor, pair.score) for pair in result.pairs] == [("P01", "M02", 4062)]


def test_mac_roman_letters_make_one_library_of_two_files(capsys: pytest.CaptureFixture[str]) -> None:
    result = MatchResult.model_validate_json(run(capsys, "mac-roman", "--json"))
    assert (result.pairs, "same employer" in result.unplaced[0].why) == ((), True)


def test_option_that_contains_commas_is_read_among_others(capsys: pytest.CaptureFixture[str]) -> None:
    mapping = f"{CASES}/mapped-commas/mapping.toml"
    (pair,) = MatchResult.model_validate_json(run(capsys, "mapped-commas", "--map", mapping, "--json")).pairs
    (goals,) = [each for each in pair.criteria if each.name == "goals"]
    assert goals.answers == ("budgeting, leadership", "leadership")


def test_one_address_in_two_spellings_is_refused_by_row(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "ids-normalised").splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "mentors.csv, row 3, column email",
        "mentors.csv, row 5, column email",
    ]


def test_forms_of_another_kind_are_proposed_and_never_read_without_a_yes(capsys: pytest.CaptureFixture[str]) -> None:
    refused = run(capsys, "google-forms")
    assert "name: First Name + Last Name (first and last name)" in refused
    assert "? “Regional system” (1 row): write one of: public, academic, school, special, state" in refused
    assert "mile cohort map" in refused
    assert 'Each "?" needs a decision' in run(capsys, "google-forms", "--yes")
