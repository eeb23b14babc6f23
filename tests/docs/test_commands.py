"""The commands that documents and notes to staff tell people to type: each exists, with the options it is given."""

import re
from pathlib import Path

import pytest

from tests.docs.commands import PARAMETERS

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "deploy/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
NOTES = [ROOT / "emails" / "kinds" / kind / "wording.txt" for kind in ("staff_digest", "staff_note")]
TYPED = re.compile(r"^(?:\$ )?mile (?P<words>[^#\n]+)", re.MULTILINE)
# Written inside quotation marks, so that it ends where they do.
QUOTED = re.compile(r"[\"\'>]?mile (?P<words>(?:cohort|mentorship) [^\"\'{}\n]+)")


def _command(words: list[str]) -> str:
    """Return the command that words begin with; a role's cohort stands before what is done with it."""
    plain = [*words[:2], *words[3:]] if words[:2] == ["cohort", "role"] else words
    fitting = [name for name in PARAMETERS if plain[: len(name.split())] == name.split()]
    return max(fitting, key=len, default="")


def _unknown(text: str) -> str | None:
    """Return what is wrong with a typed command, if anything."""
    words = re.sub(r"\"[^\"]*\"", "TEXT", text).split()
    command = _command(words)
    if not command:
        return f"no command: mile {text}"
    known = {option for each in PARAMETERS[command] for option in each.opts} | {"--help", "--debug"}
    missing = [word for word in words if word.startswith("--") and word not in known]
    return f"mile {command} has no {', '.join(missing)}" if missing else None


def _wrong(typed: list[str]) -> list[str]:
    return [problem for problem in map(_unknown, typed) if problem]


def _unfinished(text: str) -> str | None:
    """Return which required options a typed command lacks, if any."""
    words = text.split()
    command = _command(words)
    lacking = [
        each.opts[0]
        for each in PARAMETERS.get(command, [])
        if each.required and each.opts[0].startswith("-") and not {*each.opts} & {*words}
    ]
    return f"mile {command} needs {', '.join(lacking)}" if lacking else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_types_exists_with_its_options(page: Path) -> None:
    # A block may name its language; without that, its end would count as the next one's beginning.
    blocks = re.findall(r"^```\w*\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    typed = [found["words"] for block in blocks for found in TYPED.finditer(block)]
    assert [*_wrong(typed), *filter(None, map(_unfinished, typed))] == []


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.parent.name)
def test_every_command_that_a_note_to_staff_names_exists_with_its_options(note: Path) -> None:
    named = [found["words"] for found in QUOTED.finditer(note.read_text())]
    assert len(named) > 5
    assert _wrong(named) == []


def test_a_command_or_an_option_that_does_not_exist_is_noticed() -> None:
    assert _unknown("cohort vanish mile-2019") == "no command: mile cohort vanish mile-2019"
    assert _unknown("cohort show mile-2019 --loud") == "mile cohort show has no --loud"
    assert _unfinished("emails release KEY") == "mile emails release needs --note"
    assert _unknown('cohort role mile-2019 set "Chair" --email a@example.org --from 2026-12-01') is None
