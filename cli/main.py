"""The ``mile`` command: one of the commands of the table, with its errors as sentences."""

import gc
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from cli.commands import COMMANDS
from cli.common.command_table import add_commands
from cli.common.errors import explained
from cli.common.garbage import search_seldom


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its status; without ``arguments``, the one that this process was started for."""
    started_for_it = arguments is None
    if started_for_it:
        gc.disable()
    options = list(sys.argv[1:] if arguments is None else arguments)
    # People add --debug at the end of the line that failed, where Click would not know it.
    debug = "--debug" in options
    options = [argument for argument in options if argument != "--debug"]
    with explained(debug=debug):
        command = typer.main.get_command(_app(options))
        if started_for_it:
            # Looking through modules for garbage took a quarter of a short command's time, half of it at its end.
            search_seldom()
            gc.enable()
        command(options, prog_name="mile")


def _app(arguments: Sequence[str]) -> typer.Typer:
    """Return the application with only the command that was called loaded, so that help and errors are instant."""
    # Rich's traceback would print local variables, and these hold people's answers and the settings' secrets.
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_program)
    add_commands(app, COMMANDS, arguments)
    return app


def _program(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """MILE's mentorship program: one workflow per mentorship, answered by email."""


if __name__ == "__main__":
    main()
