"""``mile cohort proposals|confirm|decline``: who has answered a proposed match, and staff's fallback (A23)."""

from typing import Annotated

import typer
from rich.console import Console

from cli.cohort.options import CohortId, DryRun, NeededNote
from cli.common.pairs import id_pairs
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.steps import Yes, take_step
from cli.common.tables import print_table
from cli.matching.proposal_tables import no_proposals_sentence, proposals_table, question_lines
from schemas.enums import DeclineReason, Side
from services import proposals
from services.context import ServiceContext
from services.proposals import ProposalChanged, ProposalDecline

PairArgument = Annotated[str, typer.Argument(metavar="MENTOR:MENTEE", help="The pair, such as M03:P07.")]
SideOption = Annotated[Side, typer.Option("--side", help="Which of the two declines.")]


def proposals_command(cohort: CohortId, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List the proposed matches with people's answers and their questions to you."""
    listing = call_service(folder, lambda context: proposals.list_proposals(context, cohort))
    if as_json:
        print_json(listing)
        return
    console = Console(highlight=False, markup=False)
    if not listing.proposals:
        console.print(no_proposals_sentence(listing), soft_wrap=True)
        return
    print_table(proposals_table(listing))
    for question in question_lines(listing):
        console.print(question, soft_wrap=True)


def confirm_command(
    cohort: CohortId,
    pair: PairArgument,
    note: NeededNote,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Make a match final for two people who told you that they commit."""
    [(mentor, mentee)] = id_pairs([pair], "MENTOR:MENTEE")

    async def preview(context: ServiceContext) -> ProposalChanged:
        return await proposals.preview_confirm(context, cohort, mentor, mentee)

    async def confirm(context: ServiceContext) -> ProposalChanged:
        return await proposals.confirm(context, staff_actor(), cohort, mentor, mentee, note=note)

    result = take_step(folder, preview, confirm, dry_run=dry_run, yes=yes)
    _print(result, "Both now see each other's address on their page.", as_json=as_json)


def decline_command(
    cohort: CohortId,
    pair: PairArgument,
    side: SideOption,
    note: NeededNote,
    reason: Annotated[
        DeclineReason, typer.Option("--reason", help="Their reason. We never tell the partner.")
    ] = DeclineReason.WITHOUT_SAYING,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Decline a match for someone who told you so, until the mentorships start. It may be final."""
    [(mentor, mentee)] = id_pairs([pair], "MENTOR:MENTEE")
    request = ProposalDecline(mentor=mentor, mentee=mentee, side=side, reason=reason)

    async def preview(context: ServiceContext) -> ProposalChanged:
        return await proposals.preview_decline(context, cohort, request)

    async def decline(context: ServiceContext) -> ProposalChanged:
        return await proposals.decline_for(context, staff_actor(), cohort, request, note=note)

    result = take_step(folder, preview, decline, dry_run=dry_run, yes=yes)
    next_step = f"Check it, then publish it: mile cohort show {cohort}"
    _print(result, f"We are making a new draft without this pair. {next_step}", as_json=as_json)


def _print(result: ProposalChanged, next_step: str, *, as_json: bool) -> None:
    print_result(result, [result.describe(), *([next_step] if result.changed else [])], as_json=as_json)
