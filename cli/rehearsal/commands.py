"""``mile rehearse`` and ``mile demo``: a cohort's 18 months in about a minute, on a real Temporal server."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group

from cli.common.paths import check_file, check_folder, check_rehearsal_folder, cohort_to_rehearse
from cli.common.tables import print_table
from cli.rehearsal.display import (
    ProgressBars,
    broken_promises,
    ledger,
    participant_emails,
    summary,
    untested_promises,
    verdict,
)
from emails.links import SIGN_IN_MINUTES
from rehearsal.checks.collection import collect_evidence
from rehearsal.checks.ledger import with_promises
from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import open_environment
from rehearsal.histories import save_all_histories
from rehearsal.inbox import Inbox
from rehearsal.page import rehearsal_page
from rehearsal.program_events import program_events
from rehearsal.record import read_record
from runtime.local_stack.interrupt import run_until_interrupted
from runtime.local_stack.ports import FIRST_PORT, HOST
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.logging import configure
from schemas.cohort.folder import CohortFolder
from schemas.errors import MileError
from schemas.rehearsal import RehearsalRecord
from schemas.report.figures import Report
from services.staff_sessions import StaffSessionService
from storage import reports
from storage.database import open_pool

EXAMPLE = Path(__file__).parents[2] / "examples" / "mile-2019"
# No pages: a rehearsal serves them in its own process, on simulated time (rehearsal/environment.py).
PARTS = frozenset({StackPart.MAIL, StackPart.WORKER})
PRINTED = Path("-")
NOTHING_SHOWN = "Nothing could happen, so nothing was shown about the program."

Json = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the record for programs; - prints it.")
]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the rehearsal as a page to look at.")]
Promises = Annotated[
    bool, typer.Option("--promises", help="Print the promise ledger, for developers: what was kept, and the evidence.")
]
EveryPromise = Annotated[
    bool, typer.Option("--every-promise", help="Fail where the play put a promise of the program to no test.")
]
Seed = Annotated[int, typer.Option("--seed", help="Which play: the same number acts the same.")]
StackFolder = Annotated[Path, typer.Option("--folder", help="Where the stack keeps its data. Emptied at the start.")]


def rehearse_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A cohort's folder, such as examples/mile-2019.")],
    json: Json = None,
    html: Html = None,
    seed: Seed = 1,
    promises: Promises = False,
    every_promise: EveryPromise = False,
    folder: StackFolder = Path(".mile/rehearsal"),
    histories: Annotated[
        Path | None, typer.Option("--histories", metavar="DIR", help="Keep every workflow's history for replay.")
    ] = None,
) -> None:
    """Play a cohort's 18 months on the real engine: workflows, emails and pages, answered by simulated participants."""
    cohort = cohort_to_rehearse(directory)
    _check_paths(json, folder, html=html, histories=histories)
    options = StackOptions(folder=folder, ports=None, parts=PARTS, rehearsal=True)
    run_until_interrupted(
        _rehearse(
            cohort,
            options,
            seed,
            json,
            html,
            _history_saver(histories) if histories else None,
            promises=promises,
            every_promise=every_promise,
        )
    )


def demo_command(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A cohort's folder.", show_default="examples/mile-2019")
    ] = EXAMPLE,
    json: Json = None,
    seed: Seed = 1,
    promises: Promises = False,
    leave: Annotated[bool, typer.Option("--exit", help="Stop after the play instead of serving what it left.")] = False,
    ports: Annotated[int, typer.Option("--ports", metavar="N", help="First of four ports in a row.")] = FIRST_PORT,
    folder: StackFolder = Path(".mile/demo"),
) -> None:
    """Play the example cohort, then keep its emails, pages and workflows open to look at."""
    cohort = cohort_to_rehearse(directory)
    _check_paths(json, folder)
    options = StackOptions(folder=folder, ports=ports, parts=PARTS, rehearsal=True)
    run_until_interrupted(
        _rehearse(
            cohort,
            options,
            seed,
            json,
            folder / "rehearsal.html",
            None if leave else _server_of(cohort),
            promises=promises,
            every_promise=True,
        )
    )


def _check_paths(json: Path | None, folder: Path, *, html: Path | None = None, histories: Path | None = None) -> None:
    """Refuse paths that cannot be written before the minute of a rehearsal is spent."""
    check_rehearsal_folder(folder)
    if json and json != PRINTED:
        check_file(json, "--json")
    if html:
        check_file(html, "--html")
    if histories:
        check_folder(histories, "--histories")


def _history_saver(folder: Path) -> Callable[[LocalStack, Console], Awaitable[None]]:
    async def save(stack: LocalStack, console: Console) -> None:
        count = await save_all_histories(stack.client, folder)
        console.print(f"Histories of {count} workflows kept in {folder}.")

    return save


async def _rehearse(
    cohort: CohortFolder,
    options: StackOptions,
    seed: int,
    json: Path | None,
    html: Path | None,
    then: Callable[[LocalStack, Console], Awaitable[None]] | None = None,
    *,
    promises: bool,
    every_promise: bool,
) -> None:
    # The printed record is for a pipe, so everything else goes to standard error.
    console = Console(highlight=False, stderr=json == PRINTED)
    configure("WARNING", json=False)
    inbox = Inbox()
    stack = LocalStack(options, report=lambda line: console.print(f"[green]✓[/] {line}"), on_mail=inbox.receive)
    async with stack:
        record, report = await _run(cohort, stack, inbox, seed, console)
        happened = bool(record.mentorships)
        print_table(Group(*verdict(record, cohort.settings), *([summary(record)] if happened else [])), console)
        if happened:
            print_table(participant_emails(record), console)
        if promises:
            print_table(ledger(record), console)
        _write_record(record, json)
        if html:
            _write(html, rehearsal_page(record, report, cohort.settings))
            console.print(f"The rehearsal as a page: {html}", soft_wrap=True)
        # Raised after everything is written: the record is what one looks at to find out why.
        shown = [*broken_promises(record), *(untested_promises(record) if every_promise else [])]
        if problems := [*record.problems, *(shown if happened else [NOTHING_SHOWN])]:
            raise MileError("\n".join(["The rehearsal found problems:", *problems]))
        if then:
            await then(stack, console)


async def _run(
    cohort: CohortFolder, stack: LocalStack, inbox: Inbox, seed: int, console: Console
) -> tuple[RehearsalRecord, Report | None]:
    began = time.monotonic()
    async with open_environment(stack.settings, stack.client, inbox) as environment:
        with ProgressBars(cohort.settings, console) as bars:
            await CohortSimulation(environment, cohort, seed=seed, observer=bars).run()
        seconds = time.monotonic() - began
        record = await read_record(environment, cohort, seed=seed, seconds=seconds)
        record = with_promises(await collect_evidence(environment, cohort, record))
        return record, await reports.report(environment.pool, cohort.settings.id)


def _server_of(cohort: CohortFolder) -> Callable[[LocalStack, Console], Awaitable[None]]:
    async def serve(stack: LocalStack, console: Console) -> None:
        await stack.start_web()
        url, contact = stack.settings.public_url, program_events(cohort.settings).contact
        console.print(f"\n  Every email    {url}/mailbox")
        async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
            token = await StaffSessionService(pool).new_link(contact.email)
        signs_in = f"{url}/staff/sign-in/{token}"
        console.print(f"  Staff pages    {signs_in}", soft_wrap=True)
        console.print(f"                 (signs you in as {contact.email}, once within {SIGN_IN_MINUTES} minutes)")
        console.print(f"  Temporal UI    http://{HOST}:{stack.ports.temporal_ui}")
        console.print(f"  Kept in        {stack.folder}", soft_wrap=True)
        console.print("\nCtrl-C stops all of it.")
        await stack.watch()

    return serve


def _write_record(record: RehearsalRecord, json: Path | None) -> None:
    text = record.model_dump_json(indent=2, by_alias=True)
    if json == PRINTED:
        print(text)
    elif json:
        _write(json, f"{text}\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
