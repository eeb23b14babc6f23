"""``mile cohort match|compare|publish``: from applications to drafts, and from a draft to the cohort's pairs."""

import asyncio
import json
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console

from cli.cohort.options import NOTHING_WAS_DONE, CohortId, DryRun, Note
from cli.common.pairs import id_pairs
from cli.common.servers import HERE, AsJson, Folder, print_json
from cli.matching import steps
from cli.matching.steps import Drafted, Publication
from schemas.cohort.settings import Objective
from schemas.matching.messages import MatchRequest


def match_command(
    cohort: CohortId,
    pin: Annotated[list[str] | None, typer.Option("--pin", metavar="MENTOR:MENTEE", help="Fix a pair.")] = None,
    forbid: Annotated[
        list[str] | None, typer.Option("--forbid", metavar="MENTOR:MENTEE", help="Rule a pair out; likewise.")
    ] = None,
    objective: Annotated[Objective | None, typer.Option("--objective", help="Aim at something else.")] = None,
    close_to: Annotated[int | None, typer.Option("--close-to", metavar="N", help="Keep most of run N.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Match the applications as they are now; the result is a draft until it is published."""
    request = MatchRequest(
        pins=id_pairs(pin, "--pin"),
        forbid=id_pairs(forbid, "--forbid"),
        objective=objective,
        close_to=close_to,
    )
    with Console(stderr=True).status("matching"):
        drafted = asyncio.run(steps.match(cohort, request, folder, dry_run=dry_run))
    if as_json:
        print_json(drafted)
    else:
        print("\n".join(_drafted(drafted)))


def compare_command(
    cohort: CohortId,
    before: Annotated[int, typer.Argument(metavar="N", min=1, help="A match run.")],
    after: Annotated[int, typer.Argument(metavar="M", min=1, help="Another match run.")],
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Show who has another mentor in one match run than in another."""
    found = asyncio.run(steps.compare(cohort, before, after, folder))
    if as_json:
        print(json.dumps([change.model_dump() for change in found], indent=2))
    for change in () if as_json else found:
        print(f"{change.mentee}: {change.before or 'nobody'} -> {change.after or 'nobody'}")
    if not (found or as_json):
        print(f"Runs {before} and {after} have the same pairs.")


def publish_command(
    cohort: CohortId,
    run: Annotated[int, typer.Option("--run", metavar="N", min=1, help="The match run whose pairs shall stand.")],
    waive: Annotated[
        str | None, typer.Option("--waive", metavar="NOTE", help="Let broken rules pass, and why; kept for the audit.")
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Make one match run the cohort's pairs: both sides are asked where cohort.toml has [proposals], else it stands."""
    publication = asyncio.run(steps.publish(cohort, run, waive, folder, dry_run=dry_run, note=note))
    if as_json:
        print_json(publication)
    else:
        print("\n".join(_published(publication)))


def _drafted(drafted: Drafted) -> Iterator[str]:
    proof = "proven to be the best" if drafted.valid else "not proven to be the best"
    which = f"Match run {drafted.run}:" if drafted.done else "A match run would come to"
    yield f"{which} {drafted.pairs} pairs, {drafted.unplaced} without a mentor, {proof}."
    if drafted.done:
        see, publish = f"mile cohort show {drafted.cohort}", f"mile cohort publish {drafted.cohort} --run {drafted.run}"
        yield f"Look at them: {see}. Then: {publish}"
    else:
        yield NOTHING_WAS_DONE


def _published(publication: Publication) -> Iterator[str]:
    if publication.already:
        yield f"Match run {publication.run} is published already; nothing was changed."
        return
    is_now = "is" if publication.done else "would be"
    pairs = "1 pair" if publication.pairs == 1 else f"{publication.pairs} pairs"
    yield f"Match run {publication.run} {is_now} published: {pairs}."
    for change in publication.changed:
        yield f"  {change.mentee}: {change.before or 'nobody'} -> {change.after or 'nobody'}"
    for rule in publication.waived:
        yield f"  {rule.mentor} with {rule.mentee} breaks a rule and is let pass: {rule.why}"
    if publication.asked_first:
        yield f"Both sides of each new pair are asked. Who answered what: mile cohort proposals {publication.cohort}"
    else:
        yield "Their mentorships start on kickoff day, or now where that is past. This cannot be taken back."
    if not publication.done:
        yield NOTHING_WAS_DONE
