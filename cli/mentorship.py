"""``mile mentorship …``: one mentorship as its workflow sees it, and what it costs."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from cli.servers import ANSWERED_WITHIN, HERE, AsJson, Folder, Servers, ask, explained_by_temporal, print_json, servers
from rehearsal.histories import billed_actions, count_events, runs_of
from schemas.base import Value
from schemas.errors import Refusal
from schemas.ids import mentorship_workflow_id
from schemas.mentorship import Forecast, Progress
from schemas.pages import Partners
from storage import mentorships

MentorshipId = Annotated[str, typer.Argument(metavar="ID", help="As mile cohort show lists it, such as mile-2019-007.")]
Told = TypeVar("Told")

mentorship_app = typer.Typer(no_args_is_help=True)


class Future(Value):
    """Every email a mentorship will still send if nobody replies."""

    mentorship: str
    emails: tuple[Forecast, ...]


class Cost(Value):
    """What a mentorship came to so far: its runs, their events, and the actions a hosted Temporal would bill."""

    mentorship: str
    runs: int
    events: int
    actions: int


@mentorship_app.command("show")
def show_command(mentorship: MentorshipId, as_json: AsJson = False, folder: Folder = HERE) -> None:
    """Show where a mentorship stands and what it waits for."""
    pair, progress = _with(mentorship, folder, _progress)
    if as_json:
        print_json(progress)
    else:
        _console().print(_standing(pair, progress))


@mentorship_app.command("timeline")
def timeline_command(mentorship: MentorshipId, as_json: AsJson = False, folder: Folder = HERE) -> None:
    """Foretell every email to come, and why, if nobody replies."""
    pair, emails = _with(mentorship, folder, _timeline)
    if as_json:
        print_json(Future(mentorship=mentorship, emails=tuple(emails)))
    else:
        _console().print(_future(pair, emails))


@mentorship_app.command("nudge")
def nudge_command(mentorship: MentorshipId, folder: Folder = HERE) -> None:
    """Let a mentorship go on in a fresh run, so that the newest version of the service takes over."""
    _with(mentorship, folder, _nudge)
    print(f"{mentorship} goes on in a fresh run as soon as a worker runs.")


@mentorship_app.command("cost")
def cost_command(mentorship: MentorshipId, as_json: AsJson = False, folder: Folder = HERE) -> None:
    """Count what a mentorship came to in Temporal so far: runs, events, billed actions."""
    _, cost = _with(mentorship, folder, _cost)
    if as_json:
        print_json(cost)
    else:
        print(f"{mentorship}: {cost.runs} runs, {cost.events} events, {cost.actions} billed actions")


def _with(mentorship: str, folder: Path, deed: Callable[[Servers, Partners], Awaitable[Told]]) -> tuple[Partners, Told]:
    """Do something with a mentorship; raises UnknownMentorship."""

    async def done() -> tuple[Partners, Told]:
        async with servers(folder) as at:
            pair = await mentorships.partners(at.pool, mentorship)
            return pair, await deed(at, pair)

    return asyncio.run(done())


async def _progress(at: Servers, pair: Partners) -> Progress:
    handle = at.workflow(mentorship_workflow_id(pair.mentorship_id))
    return await ask(handle, "progress", Progress, absent=_forgotten(pair))


async def _timeline(at: Servers, pair: Partners) -> list[Forecast]:
    handle = at.workflow(mentorship_workflow_id(pair.mentorship_id))
    return await ask(handle, "timeline", list[Forecast], absent=_forgotten(pair))


async def _nudge(at: Servers, pair: Partners) -> None:
    over = Refusal(f"{pair.mentorship_id} is over; nothing of it is left to run.")
    with explained_by_temporal(over):
        await at.workflow(mentorship_workflow_id(pair.mentorship_id)).signal("nudged", rpc_timeout=ANSWERED_WITHIN)
    await at.note("nudged", pair.cohort.id, pair.mentorship_id)


async def _cost(at: Servers, pair: Partners) -> Cost:
    with explained_by_temporal(_forgotten(pair)):
        runs = await runs_of(at.client, mentorship_workflow_id(pair.mentorship_id))
    return Cost(mentorship=pair.mentorship_id, runs=len(runs), events=count_events(runs), actions=billed_actions(runs))


def _standing(pair: Partners, progress: Progress) -> Table:
    table = Table(title=pair.mentorship_id, title_justify="left", show_header=False, box=None, pad_edge=False)
    due = progress.next_due_at
    facts = {
        "Mentor": f"{pair.mentor.id} {pair.mentor.name}",
        "Mentee": f"{pair.mentee.id} {pair.mentee.name}",
        "From": f"{pair.starts_on} to {pair.ends_on}",
        "Phase": f"{progress.phase}, quarter {progress.quarter}",
        "Next due": _local(pair, due) if due else "–",
        "Waits for": ", ".join(progress.waiting_for) or "nobody",
        "Outcome": progress.outcome or "running",
        "Needs attention": "yes" if progress.needs_attention else "no",
    }
    for name, value in facts.items():
        table.add_row(name, value)
    return table


def _future(pair: Partners, emails: list[Forecast]) -> Table:
    table = Table(title=f"{pair.mentorship_id}: {len(emails)} emails if nobody replies", title_justify="left")
    for heading in ("date", "to", "email", "why", "if nobody replies"):
        table.add_column(heading)
    for email in emails:
        table.add_row(_local(pair, email.at), email.to, email.kind, email.why, email.if_nobody_replies)
    return table


def _local(pair: Partners, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(pair.cohort.time_zone)):%Y-%m-%d %H:%M}"


def _forgotten(pair: Partners) -> Refusal:
    return Refusal(
        f"Temporal no longer has the whole history of {pair.mentorship_id}; what it came to is still in: "
        f"mile cohort show {pair.cohort.id}"
    )


def _console() -> Console:
    return Console(highlight=False, markup=False)
