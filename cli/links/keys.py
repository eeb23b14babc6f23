"""``mile links keys|revoke``: the keys of links in emails, and links that no longer open anything."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from cli.cohort.options import DryRun, NeededNote
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.steps import Yes, take_step
from cli.common.tables import print_table
from schemas.base import FrozenModel
from schemas.errors import Refusal
from services.links import LinkKeyUse, LinkSelection, list_keys, preview_revocation, revoke_links


class LinkKeyUses(FrozenModel):
    """The keys of links, the newest first."""

    keys: tuple[LinkKeyUse, ...]


def keys_command(as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List the keys of links by their ids, and how many links each still opens."""
    keys = call_service(folder, list_keys)
    if as_json:
        print_json(LinkKeyUses(keys=keys))
        return
    print_table(keys_table(keys))


def keys_table(keys: Sequence[LinkKeyUse]) -> Table:
    """Show the keys of links."""
    table = Table("Key", "Use", "Links", box=None, pad_edge=False)
    for key in keys:
        table.add_row(key.key_id or "none", _use(key), str(key.links))
    return table


def _use(key: LinkKeyUse) -> str:
    if key.makes_new:
        return "makes new links"
    return "repeats links of emails that are tried again" if key.is_set else "not in MILE_LINK_SECRET"


def revoke_command(
    note: NeededNote,
    everything: Annotated[bool, typer.Option("--all", help="All links of every cohort.")] = False,
    cohort: Annotated[str | None, typer.Option("--cohort", metavar="ID", help="All links of a cohort.")] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="COHORT/ID", help="All links of a person, as mile-2019/M03.")
    ] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="ID", help="All links made with an old key.")] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Make links in emails that were sent stop working."""
    selection = _selection(everything=everything, cohort=cohort, person=person, key=key)
    result = take_step(
        folder,
        lambda context: preview_revocation(context, selection),
        lambda context: revoke_links(context, staff_actor(), selection, note=note),
        dry_run=dry_run,
        yes=yes,
    )
    count = sum(one.links for one in result.revoked)
    print_result(result, [f"{count} {'link' if count == 1 else 'links'} revoked."], as_json=as_json)


def _selection(*, everything: bool, cohort: str | None, person: str | None, key: str | None) -> LinkSelection:
    if sum((everything, cohort is not None, person is not None, key is not None)) != 1:
        raise Refusal("Say which links with one of --all, --cohort, --person and --key.")
    if person is None:
        return LinkSelection(cohort_id=cohort, key_id=key)
    cohort_id, slash, person_id = person.partition("/")
    if not (slash and cohort_id and person_id):
        raise Refusal("Name a person with their cohort, such as mile-2019/M03.")
    return LinkSelection(cohort_id=cohort_id, person_id=person_id)
