"""``mile emails stuck|show|retry|drop|hold|release``: emails that do not leave, and what staff do about them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.cohort.options import DryRun, NeededNote
from cli.common import steps
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.steps import Yes
from cli.common.tables import print_table
from schemas.base import FrozenModel
from schemas.emails.incoming import SoftBounced
from schemas.emails.messages import StuckEmail
from services.context import ServiceContext
from services.queued_emails import EmailStep, list_held, list_soft_bounced, list_stuck, preview_step, show, take_step

Key = Annotated[str, typer.Argument(metavar="KEY", help="As mile emails stuck, or mile emails sent --json, lists it.")]


class SoftBounces(FrozenModel):
    """Whose address failed within a week, and may fail for good."""

    people: tuple[SoftBounced, ...]


class StuckEmails(FrozenModel):
    """The emails that do not leave, most urgent first, and those that wait until they are released."""

    emails: tuple[StuckEmail, ...]
    held: tuple[StuckEmail, ...]


def stuck_command(as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List the emails that failed for an hour, waited for a day, were given up, or are held."""
    listed = call_service(folder, _stuck_and_held)
    if as_json:
        print_json(listed)
        return
    if listed.emails:
        print_table(stuck_table(f"{len(listed.emails)} stuck", listed.emails))
        print("Try again: mile emails retry KEY --note …   Give up: mile emails drop KEY --note …")
    else:
        print("No email is stuck.")
    if listed.held:
        print()
        print_table(stuck_table(f"{len(listed.held)} held", listed.held))
        print("Send: mile emails release KEY --note …   Never send: mile emails drop KEY --note …")


async def _stuck_and_held(context: ServiceContext) -> StuckEmails:
    return StuckEmails(emails=await list_stuck(context), held=await list_held(context))


def show_command(key: Key, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """Show an email's state, and why it was not sent."""
    email = call_service(folder, lambda context: show(context, key))
    if as_json:
        print_json(email)
        return
    next_at = f"{email.next_attempt_at:%Y-%m-%d %H:%M} UTC" if email.next_attempt_at else "none"
    print(
        f"{email.key}\nState: {email.state}\nTries: {email.attempts}\nCause: {email.failure or 'none'}"
        f"\nNext try: {next_at}"
    )


def bounces_command(as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List the people whose address failed within a week, and may fail for good."""
    people = call_service(folder, list_soft_bounced)
    if as_json:
        print_json(SoftBounces(people=people))
        return
    if not people:
        print("No address fails for now.")
        return
    print_table(bounces_table(people))
    print("Their emails are tried for five days. Ask for another address if it goes on.")


def retry_command(
    key: Key,
    note: NeededNote,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Try to send an email again now."""
    _take(EmailStep.RETRY, key, note, folder, dry_run=dry_run, yes=yes, as_json=as_json)


def drop_command(
    key: Key,
    note: NeededNote,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Never send an email."""
    _take(EmailStep.DROP, key, note, folder, dry_run=dry_run, yes=yes, as_json=as_json)


def hold_command(
    key: Key,
    note: NeededNote,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Keep an email back until it is released."""
    _take(EmailStep.HOLD, key, note, folder, dry_run=dry_run, yes=yes, as_json=as_json)


def release_command(
    key: Key,
    note: NeededNote,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Send an email that was held."""
    _take(EmailStep.RELEASE, key, note, folder, dry_run=dry_run, yes=yes, as_json=as_json)


def _take(step: EmailStep, key: str, note: str, folder: Path, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    result = steps.take_step(
        folder,
        lambda context: preview_step(context, key, step),
        lambda context: take_step(context, staff_actor(), key, step, note=note),
        dry_run=dry_run,
        yes=yes,
    )
    print_result(result, [f"{result.key} was {result.before} and is {result.after}."], as_json=as_json)


def stuck_table(title: str, emails: Sequence[StuckEmail]) -> Table:
    """Show the emails that do not leave."""
    headings = ("Key", "To", "State", "Tries", "Since", "Cause")
    table = Table(*headings, title=title, title_justify="left", box=None, pad_edge=False)
    for email in emails:
        since = email.failing_since or email.enqueued_at
        table.add_row(
            email.key, email.recipient, email.state, str(email.attempts), f"{since:%Y-%m-%d %H:%M}", email.failure or ""
        )
    return table


def bounces_table(people: Sequence[SoftBounced]) -> Table:
    """Show whose address failed at least twice in a week."""
    table = Table("Cohort", "Who", "Bounces", "Cause", box=None, pad_edge=False)
    for one in people:
        table.add_row(one.cohort_id, one.person, str(one.bounces), one.failure)
    return table
