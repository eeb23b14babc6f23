"""``mile cohort log``: who did what to a cohort, its mentorships and its people, when and why."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import JsonValue
from rich.table import Table

from cli.cohort.options import CohortId
from cli.common.dates import day
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json
from cli.common.tables import print_table, table_of
from domain.safe_text import one_line
from services.audit import MOST_EVENTS, AuditLog, AuditLogFilter, read_audit_log


def log_command(
    cohort: CohortId,
    person: Annotated[
        str | None, typer.Option("--person", metavar="ID", help="Only events that name this person, such as M03.")
    ] = None,
    mentorship: Annotated[
        str | None, typer.Option("--mentorship", metavar="ID", help="Only events of this mentorship.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only from this day on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only up to this day.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=MOST_EVENTS, help="The newest N events at most.")
    ] = 100,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """List the audit log of a cohort: who did what, when and why."""
    matching = AuditLogFilter(
        person=person,
        mentorship=mentorship,
        since=day(since, "--since") if since else None,
        until=day(until, "--until") if until else None,
    )
    log = call_service(folder, lambda context: read_audit_log(context, cohort, matching, limit=limit))
    if as_json:
        print_json(log)
    elif log.events:
        print_table(_table(log))
        if log.cut_off:
            print(f"There are older ones. For more: --limit N, up to {MOST_EVENTS}, or --until {_day_of_oldest(log)}")
    else:
        print(f"Nothing of {cohort} matches.")


def _table(log: AuditLog) -> Table:
    zone = ZoneInfo(log.time_zone)
    table = table_of(f"Audit log of {log.cohort}", "when", "who", "what", "mentorship", "person", "details")
    for event in log.events:
        table.add_row(
            f"{event.happened_at.astimezone(zone):%Y-%m-%d %H:%M}",
            one_line(str(event.actor)),
            event.action.replace("_", " ") + ("" if event.completed else " (not confirmed)"),
            event.mentorship_id or "",
            event.person_id or "",
            ", ".join(_detail(name, value) for name, value in event.details.items() if value not in (None, [])),
        )
    return table


def _detail(name: str, value: JsonValue) -> str:
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    # A note is free text, and control characters in it must not command the terminal.
    return f"{name.replace('_', ' ')}: {one_line(words)}"


def _day_of_oldest(log: AuditLog) -> str:
    return str(log.events[0].happened_at.astimezone(ZoneInfo(log.time_zone)).date())
