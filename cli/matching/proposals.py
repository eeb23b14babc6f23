"""``mile cohort proposals|confirm|decline``: who has answered a proposed match, and staff's fallback (A23)."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from cli.cohort.options import NOTHING_WAS_DONE, CohortId, DryRun, NeededNote, with_cohort
from cli.cohort.reschedule import check_alive
from cli.common.pairs import id_pairs
from cli.common.servers import HERE, AsJson, Folder, print_json, staff_actor
from cli.matching.proposal_tables import (
    ProposalsShown,
    Stand,
    nothing_proposed,
    proposal_shown,
    proposals_table,
    questions_asked,
    stand,
)
from runtime.clock import clock
from schemas.applications.applicant import ProposalAnswer
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Commitment, DeclineReason, Side
from schemas.matching.proposals import ProposedMatch
from services.context import ServiceContext
from services.signals import ApplicantEmailsTrigger, signal_proposal_answered
from storage import kickoff, proposal_answers, proposals

PairArgument = Annotated[str, typer.Argument(metavar="MENTOR:MENTEE", help="The pair, such as M03:P07.")]
SideOption = Annotated[Side, typer.Option("--side", help="Who of the two declines.")]

proposals_app = typer.Typer()


class PairChanged(FrozenModel):
    """What a step made of a proposal; ``done`` is false in a dry run, ``changed`` where it was so already."""

    cohort: str
    mentee: str
    mentor: str
    done: bool
    changed: bool
    before: Stand
    after: Stand


@proposals_app.command("proposals")
def proposals_command(cohort: CohortId, as_json: AsJson = False, folder: Folder = HERE) -> None:
    """List the proposed matches, who has answered what, and the questions people have to you."""

    async def deed(at: ServiceContext, settings: CohortSettings) -> ProposalsShown:
        made = await proposals.proposals(at.pool, cohort)
        return ProposalsShown(
            cohort=cohort,
            asks=settings.proposals is not None,
            proposals=tuple(proposal_shown(match, settings) for match in made),
            names={guest.person.id: guest.person.name for guest in await kickoff.guests(at.pool, cohort)},
            time_zone=settings.time_zone,
        )

    shown = with_cohort(cohort, folder, deed)
    if as_json:
        print_json(shown)
        return
    console = Console(highlight=False, markup=False)
    if not shown.proposals:
        console.print(nothing_proposed(shown), soft_wrap=True)
        return
    console.print(proposals_table(shown))
    for asked in questions_asked(shown):
        console.print(asked, soft_wrap=True)


@proposals_app.command("confirm")
def confirm_command(
    cohort: CohortId,
    pair: PairArgument,
    note: NeededNote,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Make a match final on your word, where both told you that they commit but not the page."""
    [(mentor, mentee)] = id_pairs([pair], "MENTOR:MENTEE")

    async def deed(at: ServiceContext, settings: CohortSettings) -> PairChanged:
        match = await _proposal(at, cohort, mentor, mentee)
        proposal_answers.check_confirmable(match)
        await check_alive(at, cohort)
        changed = not match.final
        if not dry_run and changed:
            await proposal_answers.confirm(at.pool, cohort, mentor, mentee, _now(at, cohort))
            await at.audit(
                staff_actor(),
                "proposal_confirmed",
                cohort,
                mentor=mentor,
                mentee=mentee,
                before=stand(match),
                note=note,
            )
            await ApplicantEmailsTrigger(at.client, at.settings.task_queue).send_soon(cohort)
            await signal_proposal_answered(at.client, cohort, Commitment.COMMITTED)
        return _changed(cohort, match, Stand.FINAL, done=not dry_run, changed=changed)

    _say(with_cohort(cohort, folder, deed), as_json=as_json)


@proposals_app.command("decline")
def decline_command(
    cohort: CohortId,
    pair: PairArgument,
    side: SideOption,
    note: NeededNote,
    reason: Annotated[
        DeclineReason, typer.Option("--reason", help="What they gave as their reason; the partner never learns it.")
    ] = DeclineReason.WITHOUT_SAYING,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Decline a match for somebody who told you so, also one that is final, until the mentorships begin."""
    [(mentor, mentee)] = id_pairs([pair], "MENTOR:MENTEE")
    person, partner = (mentor, mentee) if side is Side.MENTOR else (mentee, mentor)
    given = ProposalAnswer(commitment=Commitment.DECLINED, reason=reason)

    async def deed(at: ServiceContext, settings: CohortSettings) -> PairChanged:
        match = await _proposal(at, cohort, mentor, mentee)
        await proposal_answers.check_declinable(at.pool, cohort, match)
        await check_alive(at, cohort)
        changed = match.of(side).commitment is not Commitment.DECLINED or match.confirmed_at is not None
        if not dry_run:
            saved = await proposal_answers.decline_for(
                at.pool, cohort, person, partner, given=given, now=_now(at, cohort)
            )
            if changed := saved.changed:
                await at.audit(
                    staff_actor(), "proposal_declined", cohort, mentor=mentor, mentee=mentee, side=side, note=note
                )
                await signal_proposal_answered(at.client, cohort, Commitment.DECLINED)
        return _changed(cohort, match, Stand.DECLINED, done=not dry_run, changed=changed)

    _say(with_cohort(cohort, folder, deed), as_json=as_json)


async def _proposal(at: ServiceContext, cohort: str, mentor: str, mentee: str) -> ProposedMatch:
    for match in await proposals.proposals(at.pool, cohort):
        if (match.mentor_id, match.mentee_id) == (mentor, mentee):
            return match
    raise proposal_answers.not_proposed(mentor, mentee)


def _now(at: ServiceContext, cohort: str) -> datetime:
    return clock(at.settings.clock_file).now(cohort)


def _changed(cohort: str, match: ProposedMatch, after: Stand, *, done: bool, changed: bool) -> PairChanged:
    return PairChanged(
        cohort=cohort,
        mentee=match.mentee_id,
        mentor=match.mentor_id,
        done=done,
        changed=changed,
        before=stand(match),
        after=after,
    )


def _say(shown: PairChanged, *, as_json: bool) -> None:
    if as_json:
        print_json(shown)
        return
    pair = f"{shown.mentee} with {shown.mentor}"
    if not shown.changed:
        print(f"{pair} is {shown.after} already; nothing was changed.")
        return
    print(f"{pair} {'is' if shown.done else 'would be'} {shown.after}; was {shown.before}.")
    print(_next(shown) if shown.done else NOTHING_WAS_DONE)


def _next(shown: PairChanged) -> str:
    if shown.after is Stand.FINAL:
        return "Both find each other's address on their page now."
    return f"A new draft is drawn up without this pair. Look at it, then publish it: mile cohort show {shown.cohort}"
