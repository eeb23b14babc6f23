"""``mile mentorship replace|resend|contact|attend``: another mentor, another address, another word from staff."""

from typing import Annotated

import typer

from cli.common.servers import HERE, AsJson, Folder, print_json
from cli.mentorship import contact, replacement
from cli.mentorship.options import NOTHING_WAS_DONE, DryRun, MentorshipId, Note
from cli.mentorship.replacement import ReplacementShown
from cli.mentorship.steps import with_mentorship
from cli.mentorship.tables import console, effects, next_mentors_table
from schemas.enums import EndingReason, Side
from schemas.errors import Refusal
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext

SideOption = Annotated[Side, typer.Option("--side", help="Which of the two.")]
LAST_AGAIN = "Nothing waits for them; the last email that asked for nothing, if there is one, would go out again."

care_app = typer.Typer()


@care_app.command("replace")
def replace_command(
    mentorship: MentorshipId,
    mentor: Annotated[
        str | None, typer.Option("--mentor", metavar="ID", help="Who takes over; left out, those who could are listed.")
    ] = None,
    reason: Annotated[
        EndingReason, typer.Option("--reason", help="Why the first mentor withdraws; nobody is at fault.")
    ] = EndingReason.CIRCUMSTANCES,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Let another mentor take over a mentee, their goals and the time that is left, or list who could."""

    async def deed(at: ServiceContext, pair: MentorshipPair) -> ReplacementShown:
        return await replacement.replace(at, pair, mentor, reason, note=note, dry_run=dry_run)

    pair, shown = with_mentorship(mentorship, folder, deed)
    if as_json:
        print_json(shown)
    elif shown.done:
        print(f"{mentorship} is over; {shown.mentor} takes over in {shown.successor}.")
    elif shown.mentor and shown.effect:
        console().print(effects(pair, shown.effect))
        print(f"{mentorship} would end today as mentor_withdrew, and {shown.mentor} would take over in a new one.")
        print(NOTHING_WAS_DONE)
    else:
        _print_offered(pair, shown)


@care_app.command("resend")
def resend_command(
    mentorship: MentorshipId,
    side: SideOption,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Write to one side again: what still waits for their answer, or else the last email that asked for nothing."""

    async def deed(at: ServiceContext, pair: MentorshipPair) -> contact.Resent:
        return await contact.resend(at, pair, side, note=note, dry_run=dry_run)

    _, shown = with_mentorship(mentorship, folder, deed)
    if as_json:
        print_json(shown)
    elif shown.done:
        print(f"{'1 email goes' if shown.emails == 1 else f'{shown.emails} emails go'} to the {side} of {mentorship}.")
    else:
        print(f"The {side} would be asked again: {', '.join(shown.waiting_for)}." if shown.waiting_for else LAST_AGAIN)
        print(NOTHING_WAS_DONE)


@care_app.command("contact")
def contact_command(
    mentorship: MentorshipId,
    side: SideOption,
    email: Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="Where to write from now on.")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="How they are called from now on.")] = None,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Change a participant's address or name; links sent to the old address lead nowhere then, and new ones go out."""
    if email is None and name is None:
        raise Refusal("Say what changes: --email, --name, or both.")

    async def deed(at: ServiceContext, pair: MentorshipPair) -> contact.ContactShown:
        return await contact.change_contact(at, pair, side, email=email, name=name, note=note, dry_run=dry_run)

    _, shown = with_mentorship(mentorship, folder, deed)
    if as_json:
        print_json(shown)
        return
    changed = f"{' and '.join(shown.changed)} of {shown.person}" if shown.changed else f"nothing about {shown.person}"
    print(f"{'Changed' if shown.done else 'Would change'}: {changed}.")
    for again in shown.written_again:
        print(f"In {again} they {'are' if shown.done else 'would be'} written to again; older links lead nowhere now.")
    if dry_run:
        print(NOTHING_WAS_DONE)


@care_app.command("attend")
def attend_command(
    mentorship: MentorshipId,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was done; kept for the audit.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Say that staff attended to a mentorship; calls, refusing addresses and strange messages are lowered."""

    async def deed(at: ServiceContext, pair: MentorshipPair) -> contact.Attended:
        return await contact.attend(at, pair, note=note, dry_run=dry_run)

    _, shown = with_mentorship(mentorship, folder, deed)
    if as_json:
        print_json(shown)
        return
    lowered = ", ".join(shown.lowered) or "nothing was open"
    print(f"{'Attended to' if shown.done else 'Would be attended to'}: {lowered}.")
    if dry_run:
        print(NOTHING_WAS_DONE)


def _print_offered(pair: MentorshipPair, shown: ReplacementShown) -> None:
    if not shown.offered:
        print(f"No mentor of {pair.cohort.id} has a free place and may take over {shown.mentorship}.")
        return
    console().print(next_mentors_table(shown.mentorship, shown.offered, shown.names))
    best = shown.offered[0].mentor
    print(f"To let one take over: mile mentorship replace {shown.mentorship} --mentor {best}")
