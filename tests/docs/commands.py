"""Every ``mile`` command there is, with its parameters, as the command line itself knows them."""

from collections.abc import Iterator
from typing import Any

import typer

from cli.commands import COMMANDS
from cli.common.command_table import Command, Group


def _commands() -> Iterator[tuple[str, list[Any]]]:
    for name, command in COMMANDS.items():
        if isinstance(command, Group):
            for below, each in command.commands.items():
                yield from _loaded(f"{name} {below}", each)
        else:
            yield from _loaded(name, command)


def _loaded(name: str, command: Command) -> Iterator[tuple[str, list[Any]]]:
    loaded = command.load()
    if isinstance(loaded, typer.Typer):
        yield from _below(name, typer.main.get_command(loaded))
    else:
        alone = typer.Typer(add_completion=False)
        alone.command()(loaded)
        yield name, typer.main.get_command(alone).params


def _below(name: str, command: Any) -> Iterator[tuple[str, list[Any]]]:
    groups = getattr(command, "commands", None)
    if groups is None:
        yield name, command.params
    for each, below in (groups or {}).items():
        yield from _below(f"{name} {each}", below)


PARAMETERS = dict(_commands())
