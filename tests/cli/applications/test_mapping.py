"""Two forms of another kind: proposed, corrected once, created, and imported again."""

import csv
import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from cli.main import main
from tests.cli.conftest import Mile
from tests.cli.small_class import small_class
from tests.unit.applications.foreign_forms import MENTORS, PARTICIPANTS

MapFiles = Callable[..., str]
KICKOFF = date(2031, 5, 9)


@pytest.fixture
def map_files(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Give a function that runs the command on a folder; it needs no stack. Returns what it prints."""

    def run(folder: Path, *options: str) -> str:
        with pytest.raises(SystemExit):
            main(["cohort", "map", str(folder), *options])
        output = capsys.readouterr()
        return output.out + output.err

    return run


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """Write a folder with the settings of a class and two files of another form."""
    folder = small_class(tmp_path / "forms", "forms", KICKOFF)
    (folder / "mentors.csv").write_text(MENTORS, encoding="utf-8")
    (folder / "participants.csv").write_text(PARTICIPANTS, encoding="utf-8-sig")
    return folder


def _decide(folder: Path) -> None:
    file = folder / "mapping.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count('"?"  #') == 2
    file.write_text(
        text.replace('"Regional system" = "?"', '"Regional system" = "public"').replace(
            '"Knitting" = "?"', '"Knitting" = ""'
        ),
        encoding="utf-8",
    )


def _in_another_order(file: Path) -> Path:
    """Write the mentors in another order, with one more."""
    header, *rows = csv.reader(StringIO(MENTORS))
    newcomer = [rows[1][0], "new@example.org", "New", "Comer", *rows[1][4:]]
    with file.open("w", newline="", encoding="utf-8") as written:
        csv.writer(written).writerows([header, *reversed(rows), newcomer])
    return file


async def test_two_forms_become_a_cohort_with_one_round_of_corrections(
    mile: Mile, forms: Path, map_files: MapFiles
) -> None:
    refused = await mile("cohort", "create", str(forms))
    assert (refused.returncode, "mile cohort map DIR" in refused.stderr) == (2, True)
    mapped = map_files(forms)
    assert "mentors.csv: 2 of 3 people can be read." in mapped
    assert "mentors.csv, left out by the mapping's rule: row 4." in mapped
    assert (forms / "mapping.toml").stat().st_mode & 0o777 == 0o600
    undecided = await mile("cohort", "create", str(forms))
    assert undecided.returncode == 2
    assert "mapping.toml, key mentors.values.library_type: is still open; write one of: public" in undecided.stderr
    _decide(forms)
    tried = await mile("cohort", "create", str(forms), "--dry-run", "--yes")
    created = await mile("cohort", "create", str(forms), "--yes")
    assert (tried.returncode, created.returncode) == (0, 0)
    assert "Mentors  3, with places for 4" in created.stdout
    assert "“Ada O'Berg (my friend)” is a mentor too" in created.stdout
    shown = json.loads((await mile("cohort", "applications", "forms", "--json")).stdout)
    assert [one["id"] for one in shown["applications"]] == ["M002", "M003", "M005", "P002", "P003"]


async def test_next_import_knows_the_mapping_and_the_people(
    mile: Mile, forms: Path, map_files: MapFiles, tmp_path: Path
) -> None:
    settings = forms / "cohort.toml"
    settings.write_text(settings.read_text().replace('"forms"', '"again"'))
    map_files(forms)
    _decide(forms)
    await mile("cohort", "create", str(forms), "--yes")
    later = _in_another_order(tmp_path / "later.csv")
    step = ("cohort", "import", "again", "--mentors", str(later), "--json")
    tried = json.loads((await mile(*step, "--dry-run")).stdout)
    done = json.loads((await mile(*step)).stdout)
    assert done == tried | {"saved": True, "preview": None}
    assert (done["added"], done["changed"], done["refused"]) == (["M006"], [], [])
    assert sorted(done["unchanged"]) == ["M002", "M003", "M005"]
    later.write_text(later.read_text(encoding="utf-8").replace("By a plan", "Planned"), encoding="utf-8")
    refused = await mile(*step)
    assert (refused.returncode, "“Planned” means structured (like “planned”; 2 rows)" in refused.stderr) == (2, True)
    assert (await mile(*step, "--yes")).returncode == 0
    assert (await mile(*step)).returncode == 0


def test_map_blames_no_row_for_whom_the_other_file_has_while_that_is_open(forms: Path, map_files: MapFiles) -> None:
    mentors = forms / "mentors.csv"
    mentors.write_text(MENTORS.replace("Type of Library", "Remarks"), encoding="utf-8")
    said = map_files(forms)
    assert "library_type: ? no heading looks like it" in said
    assert "participants.csv: 2 of 2 people can be read." in said
    assert "To correct in the files themselves" not in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Timestamp,", "City,", "mentors.csv, row 1, column City: stands twice in the header; keep one of them\n"),
        ("Timestamp,", "Our mentors\nTimestamp,", "mentors.csv, row 1: names none of the columns;"),
    ],
    ids=["a heading twice", "a title"],
)
def test_header_of_one_form_is_refused_in_one_sentence_and_the_other_form_in_none(
    forms: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, said: str
) -> None:
    mentors, participants = forms / "mentors.csv", forms / "participants.csv"
    mentors.write_text(MENTORS.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["match", "--mentors", str(mentors), "--participants", str(participants), "--yes"])
    refusal = capsys.readouterr().err
    assert refusal.startswith(said)
    assert refusal.count("\n") == 1


def test_map_writes_nothing_over_a_decision_unasked(forms: Path, map_files: MapFiles) -> None:
    map_files(forms)
    _decide(forms)
    kept = (forms / "mapping.toml").read_bytes()
    assert map_files(forms).startswith("Nothing more to propose for mentors.csv and participants.csv.")
    people = forms / "participants.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("public library", "City Library"), encoding="utf-8")
    assert "Add --force to replace it." in map_files(forms)
    assert (forms / "mapping.toml").read_bytes() == kept
    map_files(forms, "--force")
    assert '"Regional system" = "public"' in (forms / "mapping.toml").read_text(encoding="utf-8")


def test_folder_without_lists_is_refused(map_files: MapFiles, tmp_path: Path) -> None:
    assert "has neither mentors.csv nor participants.csv. Put your files there by these names." in map_files(tmp_path)
    (tmp_path / "Mentors (Responses).csv").write_text(MENTORS, encoding="utf-8")
    assert "It has Mentors (Responses).csv: rename them." in map_files(tmp_path)
