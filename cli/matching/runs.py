"""``mile cohort match|compare|publish``: from applications to drafts, and from a draft to the cohort's pairs."""

import json
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console

from cli.cohort.options import CohortId, DryRun, Note
from cli.common.pairs import id_pairs
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, staff_actor
from cli.common.steps import Yes, take_step
from schemas.cohort.settings import Objective
from schemas.matching.messages import MatchRequest
from services import matching
from services.context import ServiceContext
from services.matching import MatchDrafted, Publication


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
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Match the applications as they are now; the result is a draft until it is published."""
    request = MatchRequest(
        pins=id_pairs(pin, "--pin"),
        forbid=id_pairs(forbid, "--forbid"),
        objective=objective,
        close_to=close_to,
    )

    async def draft(context: ServiceContext) -> MatchDrafted:
        if dry_run:
            return await matching.preview_match(context, cohort, request)
        return await matching.match_cohort(context, staff_actor(), cohort, request)

    with Console(stderr=True).status("matching"):
        drafted = call_service(folder, draft)
    show, publish = f"mile cohort show {cohort}", f"mile cohort publish {cohort} --run {drafted.run}"
    print_result(drafted, [drafted.describe(), f"Look at them: {show}. Then: {publish}"], as_json=as_json)


def compare_command(
    cohort: CohortId,
    before: Annotated[int, typer.Argument(metavar="N", min=1, help="A match run.")],
    after: Annotated[int, typer.Argument(metavar="M", min=1, help="Another match run.")],
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Show who has another mentor in one match run than in another."""
    changes = call_service(folder, lambda context: matching.compare_runs(context, cohort, before, after))
    if as_json:
        print(json.dumps([change.model_dump() for change in changes], indent=2))
    for change in () if as_json else changes:
        print(matching.change_sentence(change))
    if not (changes or as_json):
        print(f"Runs {before} and {after} have the same pairs.")


def publish_command(
    cohort: CohortId,
    run: Annotated[int, typer.Option("--run", metavar="N", min=1, help="The match run to publish.")],
    waive: Annotated[
        str | None,
        typer.Option("--waive", metavar="NOTE", help="Accept pairs that break a rule; say why, for the audit."),
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Publish a match run: both sides are asked first if cohort.toml has proposals; otherwise the pairs are final."""

    async def preview(context: ServiceContext) -> Publication:
        return await matching.preview_publish(context, cohort, run, waive)

    async def publish(context: ServiceContext) -> Publication:
        return await matching.publish(context, staff_actor(), cohort, run, waive, note=note)

    publication = take_step(folder, preview, publish, dry_run=dry_run, yes=yes)
    print_result(publication, _published(publication), as_json=as_json)


def _published(publication: Publication) -> Iterator[str]:
    yield from publication.describe()
    if publication.already:
        return
    if publication.asked_first and publication.too_late:
        yield f"Like this: mile cohort confirm {publication.cohort} MENTOR:MENTEE"
    if publication.asked_first:
        yield f"Who answered what: mile cohort proposals {publication.cohort}"
    else:
        yield "This cannot be undone."
