from __future__ import annotations

import csv
import json
import os
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest

from cli.main import main
from schemas.matching.results import MatchResult

REPOSITORY = Path(__file__).parents[3]
EXAMPLE = REPOSITORY / "examples" / "mile-2019"
MAPPINGS = REPOSITORY / "examples" / "mappings"
DATA = Path(os.environ.get("MILE_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
FILES = ["--mentors", f"{EXAMPLE}/mentors.csv", "--participants", f"{EXAMPLE}/participants.csv"]

FORM_MENTORS = """Timestamp,Email Address,Your name,Where do you work?,What kind of library is it?,In which town?,\
What is your role there?,How many years have you worked in libraries?,Which areas can you offer help with?,\
When can you usually meet?,How do you like to work with a partner?,Tell us about yourself
2019/02/01 9:12:00 AM CST,ada@example.org,Ada Example,Ely Public Library,Public library,Ely,Director,20,\
"Leadership, Goal setting","Mornings, Lunch",By a plan,I like rivers.
"""
FORM_PARTICIPANTS = """Timestamp,Email Address,Your name,Where do you work?,What kind of library is it?,In which town?,\
What is your role there?,Which areas do your goals belong to?,When can you usually meet?,\
How do you like to work with a partner?,What is your main goal for the next 18 months?,What challenges you most?
2019/02/02 8:00:00 PM CST,bo@example.org,Bo Example,Winona Middle School,School library,Winona,Media specialist,\
Goal setting,Lunch,Trying things out,Write a plan,Time
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["match", *arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> MatchResult:
    status, out, err = run(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return MatchResult.model_validate_json(out)


def test_example_cohort_is_matched_and_proven(capsys: pytest.CaptureFixture[str]) -> None:
    result = as_json(capsys, *FILES, "--settings", f"{EXAMPLE}/cohort.toml")
    assert result.coverage == 13
    assert result.certificate.valid
    assert len({pair.mentor for pair in result.pairs}) == 13


def test_json_has_the_documented_keys(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, *FILES, "--json")
    found = json.loads(out)
    assert status == 0
    assert {"pairs", "unplaced", "coverage", "total", "worst", "band_counts", "objective"} <= found.keys()
    assert {"mentee", "mentor", "score", "criteria", "alternatives"} <= found["pairs"][0].keys()
    assert {"name", "points", "of", "question", "answers"} <= found["pairs"][0]["criteria"][0].keys()
    assert {"mentor", "score", "program_cost"} <= found["pairs"][0]["alternatives"][0].keys()
    assert found["certificate"] == {"valid": True}
    assert re.fullmatch(r"[0-9a-f]{64}", found["inputs_sha256"])


def test_table_names_every_pair_and_the_proof(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, *FILES)
    assert status == 0
    assert all(f"P{number:02}" in out for number in range(1, 13))
    assert "no better matching exists" in out


def test_rows_that_cannot_be_used_are_written_to_files_of_their_own_with_the_reasons(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """By match, and by create before it asks any server."""
    shutil.copytree(EXAMPLE, tmp_path / "class")
    spoiled = {}
    for name in ("mentors", "participants"):
        file = tmp_path / "class" / f"{name}.csv"
        head, first, *others = file.read_text().splitlines()
        spoiled[name] = first.replace("@", " at ")
        file.write_text("\n".join((head, spoiled[name], *others)))
    files = ["--mentors", f"{tmp_path}/class/mentors.csv", "--participants", f"{tmp_path}/class/participants.csv"]
    for place, command in (("match", ["match", *files]), ("create", ["cohort", "create", f"{tmp_path}/class"])):
        with pytest.raises(SystemExit) as ended:
            main([*command, "--bad-rows", f"{tmp_path}/{place}.csv"])
        assert ended.value.code == 2
        _, err = capsys.readouterr()
        for name, row in spoiled.items():
            written = tmp_path / f"{place}-{name}.csv"
            assert f"The rows of {name}.csv that cannot be used are in {written}." in err
            header, only = csv.reader(written.read_text(encoding="utf-8-sig").splitlines())
            assert (header[0], only[1:]) == ("why", next(csv.reader([row])))
            assert "email" in only[0]
            assert written.stat().st_mode & 0o077 == 0


def test_pin_and_ban_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    result = as_json(capsys, *FILES, "--pin", "M05:P01", "--forbid", "M07:P07")
    pairs = {pair.mentee: pair.mentor for pair in result.pairs}
    assert pairs["P01"] == "M05"
    assert pairs["P07"] != "M07"
    assert [(cost.mentor, cost.mentee) for cost in result.pins] == [("M05", "P01")]


@pytest.mark.parametrize("objective", ["total", "bottleneck", "stable"])
def test_objective_on_the_command_line_wins(capsys: pytest.CaptureFixture[str], objective: str) -> None:
    result = as_json(capsys, *FILES, "--settings", f"{EXAMPLE}/cohort.toml", "--objective", objective)
    assert result.objective == objective
    assert result.certificate.valid


def test_bottleneck_lifts_the_worst_match_at_least_as_high(capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, *FILES, "--objective", "bottleneck").worst >= as_json(capsys, *FILES).worst


def test_earlier_result_is_kept_and_changes_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    earlier = as_json(capsys, *FILES)
    (tmp_path / "earlier.json").write_text(earlier.model_dump_json())
    first = earlier.pairs[0]
    ban = f"{first.mentor}:{first.mentee}"
    status, out, _ = run(capsys, *FILES, "--forbid", ban, "--keep", f"{tmp_path}/earlier.json")
    assert status == 0
    assert out.count("Changed:") == 1
    assert f"Changed: {first.mentee} from {first.mentor} to" in out


def test_report_counts_every_match_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, _, _ = run(capsys, *FILES, "--html", f"{tmp_path}/report.html")
    page = (tmp_path / "report.html").read_text()
    scores = page.partition("<h2>Scores</h2>")[2].partition("</table>")[0]
    assert status == 0
    assert sum(map(int, re.findall(r'class="number">(\d+)<', scores))) == 13
    assert "http" not in page
    assert "@example.org" not in page


def test_google_forms_export_is_read_through_its_mapping(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mentors.csv").write_text(FORM_MENTORS)
    (tmp_path / "participants.csv").write_text(FORM_PARTICIPANTS)
    files = ["--mentors", f"{tmp_path}/mentors.csv", "--participants", f"{tmp_path}/participants.csv"]
    (pair,) = as_json(capsys, *files, "--map", f"{MAPPINGS}/google-forms.toml").pairs
    answers = {each.name: each.answers for each in pair.criteria}
    assert answers["goals"] == ("goal setting, leadership", "goal setting")
    assert answers["working_style"] == ("structured", "hands on")
    assert answers["availability"] == ("lunch, mornings", "lunch")


class Terminal(StringIO):
    """What somebody types who sits before the command."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 2)])
def test_files_of_another_form_are_read_where_somebody_says_yes(
    typed: str, status: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mentors.csv").write_text(FORM_MENTORS)
    (tmp_path / "participants.csv").write_text(FORM_PARTICIPANTS)
    files = ["--mentors", f"{tmp_path}/mentors.csv", "--participants", f"{tmp_path}/participants.csv"]
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    ended, out, err = run(capsys, *files)
    assert ended == status
    assert "library_type: “Public library” means public (like “public library”; 1 row)" in err
    assert ("1 placed" in out) is (status == 0)
    monkeypatch.setattr("sys.stdin", StringIO())
    refused, _, said = run(capsys, *files)
    assert (refused, "add --yes" in said) == (2, True)
    assert as_json(capsys, *files, "--yes").coverage == 1


def test_mentor_match_export_is_read_through_its_mapping(capsys: pytest.CaptureFixture[str]) -> None:
    folder = DATA / "mentor_match" / "small"
    if not folder.exists():
        pytest.skip("mentor_match/small is not there; set MILE_TEST_DATA to the folder that has it")
    files = ["--mentors", f"{folder}/mentors.csv", "--participants", f"{folder}/mentees.csv"]
    result = as_json(capsys, *files, "--map", f"{MAPPINGS}/mentor-match.toml")
    assert result.coverage == 50
    assert result.certificate.valid


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([*FILES, "--pin", "P01"], "MENTOR:MENTEE"),
        ([*FILES, "--pin", "M01:P99"], "P99"),
        ([*FILES, "--pin", "M01:P01", "--pin", "M02:P01"], "two mentors"),
        ([*FILES, "--keep", f"{EXAMPLE}/mentors.csv"], "--json"),
        ([*FILES, "--map", f"{EXAMPLE}/cohort.toml"], "cohort.toml"),
        ([*FILES, "--html", "/nowhere/report.html"], "/nowhere/report.html"),
        (["--mentors", "missing.csv", "--participants", "missing.csv"], "missing.csv"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert says in err
    assert "Traceback" not in err
