import inspect
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.commands import COMMANDS
from cli.common.command_table import Command, Group
from cli.main import main

GROUPS = {name: group.commands for name, group in COMMANDS.items() if isinstance(group, Group)}
LOADED = {
    **{name: command for name, command in COMMANDS.items() if isinstance(command, Command)},
    **{f"{group} {name}": command for group, below in GROUPS.items() for name, command in below.items()},
}


@pytest.mark.parametrize("name", LOADED)
def test_every_command_is_there_and_help_tells_of_it_without_its_imports(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(LOADED[name].load())
    assert _help(LOADED[name].declaration(), capsys) == _help(LOADED[name].load(), capsys)


# Also "--help" may be an option's value, or an argument; what a command does is never left out then.
@pytest.mark.parametrize("before", ["--note", "--json", "--"])
def test_help_that_may_be_meant_otherwise_loads_the_command(
    before: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Command, "declaration", lambda _command: pytest.fail("only its signature was read"))
    status = _status("emails", "drop", "KEY", "--note", "why", before, "--help")
    told = capsys.readouterr()
    assert status == (0 if before == "--json" else 2)
    assert ("Usage:" in told.out) == (before == "--json")


def test_no_command_takes_an_empty_note(capsys: pytest.CaptureFixture[str]) -> None:
    noted = [name for name, command in LOADED.items() if "note" in inspect.signature(command.load()).parameters]
    assert {"cohort confirm", "emails drop", "links revoke", "mentorship resolve", "mentorship pause"} <= set(noted)
    for name in noted:
        assert _status(*name.split(), "--note", " ") == 2
        assert "--note is empty" in capsys.readouterr().err, name


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_says_of_a_command_what_the_command_says_of_itself(group: str) -> None:
    loaded = {command.summary: command.load() for command in GROUPS[group].values()}
    described = {summary: each.__doc__ for summary, each in loaded.items() if not isinstance(each, typer.Typer)}
    firsts = {summary: text.strip().partition("\n\n")[0] for summary, text in described.items() if text}
    assert firsts
    assert {summary: " ".join(first.split()) for summary, first in firsts.items()} == {each: each for each in firsts}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_lists_its_commands_and_knows_no_others(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _status(group, "--help") == 0
    listed = capsys.readouterr().out
    assert all(re.search(rf"\b{name}\b", listed) for name in GROUPS[group])
    assert _status(group, "vanish") == 2
    assert "vanish" in capsys.readouterr().err


def test_a_command_of_the_local_stack_names_the_extra_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "cli.rehearsal.commands", raising=False)
    monkeypatch.setitem(sys.modules, "httpx", None)
    for module in [name for name in sys.modules if name.startswith("rehearsal.")]:
        monkeypatch.delitem(sys.modules, module)
    assert _status("demo") == 2
    assert "pip install mile[local]" in capsys.readouterr().err


def _help(declared: Any, capsys: pytest.CaptureFixture[str]) -> str:
    app = typer.Typer(add_completion=False)
    if isinstance(declared, typer.Typer):
        app.add_typer(declared, name="it")
    else:
        # A second one, or Typer would run the first without its name.
        app.command("it", help=declared.__doc__)(declared)
        app.command("other")(lambda: None)
    with pytest.raises(SystemExit):
        app(["it", "--help"])
    told = capsys.readouterr().out
    assert "Usage:" in told
    return told


def _status(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)
