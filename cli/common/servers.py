"""What a staff command works with: the servers it opens, who runs it, and what it prints for programs."""

import asyncio
import contextlib
import os
import pwd
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel

from runtime.local_stack.stack_discovery import DEFAULT_FOLDER, present_settings
from runtime.settings import Settings
from schemas.actor import Actor, ActorKind
from schemas.errors import Refusal
from services.context import ServiceContext, open_context

AsJson = Annotated[bool, typer.Option("--json", help="Print it for programs.")]
Folder = Annotated[Path, typer.Option("--folder", help="The stack to use if the environment names no servers.")]
LOCAL_FOLDER = DEFAULT_FOLDER
Result = TypeVar("Result")


@contextlib.asynccontextmanager
async def open_services(folder: Path, *, lazy: bool = False) -> AsyncIterator[ServiceContext]:
    """Open the servers of the environment, or of the stack that runs in the folder; Temporal at first use if ``lazy``.

    Raises Refusal where settings are missing, MileError where a server cannot be reached.
    """
    async with open_context(_settings(folder), lazy=lazy) as context:
        yield context


def call_service(folder: Path, call: Callable[[ServiceContext], Awaitable[Result]], *, lazy: bool = False) -> Result:
    """Call a use case with the servers of the environment, or of the stack that runs in the folder."""

    async def run() -> Result:
        async with open_services(folder, lazy=lazy) as context:
            return await call(context)

    return asyncio.run(run())


def _settings(folder: Path) -> Settings:
    try:
        return present_settings(folder)
    except Refusal as refusal:
        option = "" if folder == LOCAL_FOLDER else f" --folder {folder}"
        hint = f"Or let the service run on this machine, in another terminal: mile up{option}"
        raise Refusal(f"{refusal}\n{hint}") from None


def print_json(model: BaseModel) -> None:
    """Print a model as JSON; the commands' fields are documented and stable."""
    print(model.model_dump_json(indent=2))


def staff_actor() -> Actor:
    """Return the operating system's user: whoever may run the command is staff."""
    # A container may run under a user id without an entry.
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"user-{os.getuid()}"
    return Actor(kind=ActorKind.STAFF, name=name)
