import sys
from importlib import import_module

import pytest

from cli.main import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_help_lists_exists(name: str) -> None:
    command = COMMANDS[name]
    assert callable(getattr(import_module(command.module), command.attribute))


def test_a_command_of_the_local_stack_names_the_extra_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "cli.rehearsal.commands", raising=False)
    monkeypatch.setitem(sys.modules, "httpx", None)
    for module in [name for name in sys.modules if name.startswith("rehearsal.")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(SystemExit) as ended:
        main(["demo"])
    assert ended.value.code == 2
    assert "pip install mile[local]" in capsys.readouterr().err
