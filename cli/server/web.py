"""``mile web``: the pages alone."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.local_stack.stack_discovery import DEFAULT_FOLDER, present_settings
from runtime.logging import configure
from web.main import serve


def web_command(
    folder: Annotated[
        Path, typer.Option("--folder", help="The stack to use if the environment names no servers.")
    ] = DEFAULT_FOLDER,
) -> None:
    """Serve the pages against the servers of the environment, or of the stack that runs in the folder."""
    settings = present_settings(folder)
    configure(settings.log_level, json=settings.log_json)
    serve(settings)
