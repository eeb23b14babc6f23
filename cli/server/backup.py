"""``mile backup`` and ``mile restore``: both databases of a stack on this machine, copied and brought back."""

import asyncio
import shutil
from pathlib import Path
from typing import Annotated

import typer

from cli.common.servers import AsJson, print_json
from runtime.local_stack.backup import RestoredCounts, back_up, expired, read_backup, restore, try_restore
from runtime.local_stack.folder_lock import is_locked
from runtime.local_stack.stack_discovery import DEFAULT_FOLDER, settings_file
from runtime.local_stack.stack_settings import LINK_KEY_FILE
from runtime.settings import read_settings
from schemas.errors import Refusal


def backup_command(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="Where backups are kept, each in a folder of its own.")],
    prune: Annotated[
        bool, typer.Option("--prune", help="Then delete old ones: 7 daily, 4 weekly and 12 monthly ones stay.")
    ] = False,
    recipient: Annotated[
        list[str] | None,
        typer.Option(metavar="AGE", help="Add the key of the links, sealed for this recipient of age (age1…)."),
    ] = None,
    as_json: AsJson = False,
    folder: Annotated[
        Path, typer.Option("--folder", help="The stack to back up. It must be running.")
    ] = DEFAULT_FOLDER,
) -> None:
    """Copy both databases of the stack that runs in a folder, while it runs."""
    if not is_locked(folder):
        raise Refusal(f"No stack runs in {folder}. Start it (mile up), or copy the whole folder while it is stopped.")
    settings = read_settings(settings_file(folder))
    made, manifest = back_up(folder, settings.database_url.get_secret_value(), target, recipient or ())
    old = expired([each.name for each in target.glob("mile-*Z")]) if prune else []
    for name in old:
        shutil.rmtree(target / name)
    if as_json:
        print_json(manifest)
        return
    print(f"Backed up to {made}. It has participants' words: only you can read it, so keep it that way.")
    if not recipient:
        print("The key of the links is not in it. --recipient age1… adds it, sealed.")
    if prune:
        print(f"Deleted {len(old)} old backups.")
    print(f"To see that it can be restored: mile restore {made} --check")


def restore_command(
    backup: Annotated[Path, typer.Argument(metavar="BACKUP", help="A folder that mile backup made.")],
    check: Annotated[
        bool, typer.Option("--check", help="Restore into a folder that is deleted afterwards, to see that it works.")
    ] = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="The new stack's folder; it must have no databases.")
    ] = None,
    identity: Annotated[
        Path | None, typer.Option("--identity", help="The file of age that opens the sealed key of the links.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into a new stack's folder, or only try it. Overwrites nothing."""
    if check == (into is not None):
        raise Refusal("Say either --check, or with --into where the new stack's folder is.")
    manifest = read_backup(backup)
    counts = asyncio.run(restore(backup, into, identity) if into else try_restore(backup, identity))
    if as_json:
        print_json(counts)
        return
    print(
        f"{backup} is whole. It is of {manifest.postgres_at:%Y-%m-%d %H:%M:%S} UTC; Temporal's copy is at most "
        f"{manifest.apart.total_seconds():.1f} seconds older."
    )
    print(f"{counts.cohorts} cohorts, {counts.mentorships} mentorships and {counts.emails} emails are in it.")
    if into:
        print("\n".join(_next_steps(into, counts, has_key=identity is not None)))
    elif identity:
        print("The sealed key of the links can be opened.")


def _next_steps(into: Path, counts: RestoredCounts, *, has_key: bool) -> list[str]:
    another_key = f"It will make another key for links. If you have the old one, put it into {into / LINK_KEY_FILE}."
    held = [
        f"{counts.held} emails were waiting and are held, because they may have left since: mile emails release or drop"
    ]
    return [
        *([] if has_key else [another_key]),
        f"Start it: mile up --folder {into}",
        f"Then for each cohort: mile cohort audit ID --everybody --repair --folder {into}",
        *(held if counts.held else []),
    ]
