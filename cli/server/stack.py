"""``mile up``: the whole service on this machine, in real time."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from runtime.local_stack.interrupt import run_until_interrupted
from runtime.local_stack.ports import FIRST_PORT, HOST
from runtime.local_stack.stack import LocalStack, StackOptions
from runtime.local_stack.stack_discovery import DEFAULT_FOLDER

Folder = Annotated[Path, typer.Option("--folder", help="Where the stack keeps its data. You can delete it.")]
FirstPort = Annotated[
    int, typer.Option("--ports", metavar="N", help="First of four ports in a row: pages, Temporal UI, Temporal, mail.")
]


def up_command(folder: Folder = DEFAULT_FOLDER, ports: FirstPort = FIRST_PORT) -> None:
    """Run the whole service on this machine until Ctrl-C: PostgreSQL, Temporal and its UI, mailbox, worker, pages."""
    run_until_interrupted(_up(StackOptions(folder=folder, ports=ports)))


async def _up(options: StackOptions) -> None:
    console = Console(highlight=False)
    async with LocalStack(options, report=lambda line: console.print(f"[green]✓[/] {line}")) as stack:
        console.print(f"\n  Pages        {stack.settings.public_url}")
        console.print(f"  Mailbox      {stack.settings.public_url}/mailbox")
        console.print(f"  Temporal UI  http://{HOST}:{stack.ports.temporal_ui}")
        console.print(f"  Kept in      {stack.folder}", soft_wrap=True)
        console.print("\nCtrl-C stops all of it. In another terminal: mile doctor")
        await stack.watch()
