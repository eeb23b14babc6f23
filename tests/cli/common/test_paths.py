import os
from pathlib import Path

import pytest

from cli.common.paths import check_file, check_folder
from cli.main import main
from schemas.errors import Refusal

EXAMPLE = str(Path(__file__).parents[3] / "examples" / "mile-2019")


def _refused(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_rehearsal_refuses_a_folder_whose_cohorts_it_would_throw_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "temporal.db").touch()
    (tmp_path / "postgres").mkdir()
    assert "mile up" in _refused("rehearse", EXAMPLE, "--folder", str(tmp_path), capsys=capsys)
    assert (tmp_path / "postgres").exists()


def test_rehearsal_refuses_a_class_nobody_has_applied_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cohort.toml").write_bytes((Path(EXAMPLE) / "cohort.toml").read_bytes())
    assert "has nobody to play" in _refused("rehearse", str(tmp_path), capsys=capsys)


@pytest.mark.parametrize("option", ["--json", "--html", "--histories", "--folder"])
def test_rehearsal_refuses_a_place_below_a_file_before_it_plays(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter").touch()
    given = {"--folder": str(tmp_path / "stack"), option: str(tmp_path / "letter" / "x")}
    said = _refused("rehearse", EXAMPLE, *(word for pair in given.items() for word in pair), capsys=capsys)
    assert f"{option}: {tmp_path / 'letter'} is a file" in said
    assert not (tmp_path / "stack").exists()


def test_a_folder_is_no_place_for_a_record(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="is a folder"):
        check_file(tmp_path, "--json")


def test_places_that_are_there_or_can_be_made_are_let_pass(tmp_path: Path) -> None:
    (tmp_path / "old.json").touch()
    check_file(tmp_path / "old.json", "--json")
    check_file(tmp_path / "new" / "record.json", "--json")
    check_folder(tmp_path / "new" / "histories", "--histories")
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_places_one_may_not_write_to_are_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.json").touch(mode=0o400)
    with pytest.raises(Refusal, match="may not be written"):
        check_file(tmp_path / "kept.json", "--json")
    tmp_path.chmod(0o500)
    with pytest.raises(Refusal, match="nothing may be written"):
        check_folder(tmp_path / "histories", "--histories")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_of_a_cohort_one_may_not_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mentors.csv").touch(mode=0)
    assert "mentors.csv cannot be read" in _refused("cohort", "create", str(tmp_path), "--dry-run", capsys=capsys)
