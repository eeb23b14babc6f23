"""Every ``mile`` command there is, with its parameters, as the command line itself knows them."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import typer

from cli.main import COMMANDS


def _commands() -> Iterator[tuple[str, list[Any]]]:
    for name, command in COMMANDS.items():
        loaded = getattr(import_module(command.module), command.attribute)
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
