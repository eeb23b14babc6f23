from importlib import import_module

import pytest

from cli.main import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_help_lists_exists(name: str) -> None:
    command = COMMANDS[name]
    assert callable(getattr(import_module(command.module), command.attribute))
