"""``mile doctor``: what is reachable and in place, and what to do about each thing that is not."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.common.tables import print_table
from emails.sender_domain import check_sender_domain
from runtime.health import check, python
from runtime.health_finding import HealthFinding
from runtime.local_stack.stack_discovery import DEFAULT_FOLDER, present_settings
from runtime.settings import Settings
from schemas.errors import Refusal
from services.backup_health import check_backups
from services.email_health import check_emails
from services.link_health import check_link_keys


def doctor_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    folder: Annotated[
        Path, typer.Option("--folder", help="The stack to check if the environment names no servers.")
    ] = DEFAULT_FOLDER,
) -> None:
    """Check the servers and settings, and say what to do about problems. Exits with 1 if a check fails."""
    findings, settings = _examine(folder)
    all_ok = all(finding.ok for finding in findings)
    if as_json:
        shown = settings.shown() if settings else {}
        print(json.dumps({"ok": all_ok, "checks": [asdict(finding) for finding in findings], "settings": shown}))
    else:
        _print(findings, settings)
    raise typer.Exit(0 if all_ok else 1)


def _examine(folder: Path) -> tuple[list[HealthFinding], Settings | None]:
    try:
        settings = present_settings(folder)
    except Refusal as refusal:
        advice = "Or start a stack of your own: mile up"
        return [python(), HealthFinding("Settings", False, str(refusal), advice)], None
    return asyncio.run(_check(settings)), settings


async def _check(settings: Settings) -> list[HealthFinding]:
    groups = await asyncio.gather(
        check(settings),
        check_emails(settings),
        check_link_keys(settings),
        check_backups(settings),
        check_sender_domain(settings),
    )
    return [finding for group in groups for finding in group]


def _print(findings: list[HealthFinding], settings: Settings | None) -> None:
    console = Console(highlight=False, markup=False)
    if settings is not None:
        print_table(settings_table(settings.shown()), console)
        console.print()
    for finding in findings:
        verdict = "failed" if not finding.ok else "warns" if finding.warning else "ok"
        console.print(f"{verdict:6}  {finding.name}: {finding.found}", soft_wrap=True)
        if finding.warning or not finding.ok:
            console.print(f"        {finding.advice}", soft_wrap=True)


def settings_table(shown: Mapping[str, str]) -> Table:
    """Show settings by name."""
    table = Table("Setting", "Value", box=None, pad_edge=False)
    for name, value in shown.items():
        table.add_row(name, value)
    return table
