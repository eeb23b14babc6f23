"""What files contain is shown on a terminal, and never obeyed by it."""

import pytest

from cli.errors import explained
from schemas.errors import BadInput, Problem


def test_a_heading_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem("mentors.csv", "is not a column we know", 1, column) for column in ("a\x1b[2J", "b\u202ec\x9b")]
    with pytest.raises(SystemExit), explained():
        raise BadInput(problems)
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    assert said.replace("\n", "").isprintable()
    assert "column a\\x1b[2J" in said
    assert "column b\\u202ec\\x9b" in said


def test_names_of_every_alphabet_are_left_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), explained():
        raise BadInput([Problem("Müll\u00a0Ł/ಅ/שלום.csv", "is empty")])
    assert capsys.readouterr().err == "Müll\u00a0Ł/ಅ/שלום.csv: is empty\n"
