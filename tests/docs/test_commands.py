"""The commands that documents and notes to staff tell people to type: each exists, with its arguments and options."""

import re
from itertools import pairwise, zip_longest
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


def _parts(text: str) -> tuple[str, list[str]]:
    """Return a typed command, and the words after it; a role's cohort stands before what is done with it."""
    typed = re.sub(r"\"[^\"]*\"", "…", text).split()
    words = [*typed[:2], *typed[3:]] if typed[:2] == ["cohort", "role"] else typed
    fitting = [name for name in PARAMETERS if words[: len(name.split())] == name.split()]
    command = max(fitting, key=len, default="")
    return command, words[len(command.split()) :]


def _unknown(text: str) -> str | None:
    """Return what is wrong with a typed command, if anything."""
    command, words = _parts(text)
    if not command:
        return f"no command: mile {text}"
    known = {option for each in PARAMETERS[command] for option in each.opts} | {"--help", "--debug"}
    missing = [word for word in words if word.startswith("--") and word not in known]
    return f"mile {command} has no {', '.join(missing)}" if missing else _misplaced(command, words)


def _misplaced(command: str, words: list[str]) -> str | None:
    """Return which word in capitals stands where the command reads another argument, if any does."""
    arguments = [each.metavar.strip("[].") for each in PARAMETERS[command] if each.param_type_name == "argument"]
    valued = {option for each in PARAMETERS[command] if not getattr(each, "is_flag", False) for option in each.opts}
    given = [word for before, word in pairwise(["", *words]) if not word.startswith("--") and before not in valued]
    for word, argument in zip_longest(given, arguments):
        if word and re.fullmatch(r"[A-Z]+(:[A-Z]+)*", word) and word != argument:
            return f"mile {command} reads {argument or 'nothing'} where it says {word}"
    return None


def _wrong(typed: list[str]) -> list[str]:
    return [problem for problem in map(_unknown, typed) if problem]


def _unfinished(text: str) -> str | None:
    """Return which required options a typed command lacks, if any."""
    command, words = _parts(text)
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


def test_a_command_an_argument_or_an_option_that_does_not_exist_is_noticed() -> None:
    assert _unknown("cohort vanish mile-2019") == "no command: mile cohort vanish mile-2019"
    assert _unknown("cohort show mile-2019 --loud") == "mile cohort show has no --loud"
    assert _unfinished("emails release KEY") == "mile emails release needs --note"
    assert _unknown("cohort confirm ID MENTEE:MENTOR") == (
        "mile cohort confirm reads MENTOR:MENTEE where it says MENTEE:MENTOR"
    )
    assert _unknown("cohort confirm --note NOTE ID MENTOR:MENTEE") is None
    assert _unknown("cohort show ID NAME") == "mile cohort show reads nothing where it says NAME"
    assert _unknown('cohort role mile-2019 set "Chair" --email a@example.org --from 2026-12-01') is None
