"""``mile cohort cards|nametags``: what staff print for the last day of the institute (A5)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import CohortId, Force
from cli.common.pairs import id_pairs
from cli.common.private_files import check_private, write_private
from cli.common.servers import HERE, Folder, call_service, staff_actor
from schemas.applications.people import Person
from services.kickoff.printing import names_to_print, pairs_to_print
from web.documents.cards import PairCard, lacking_letters, name_tags, pair_cards

Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The PDF to write; only you may read it.")]

paper_app = typer.Typer()


@paper_app.command("cards")
def cards_command(
    cohort: CohortId,
    out: Out,
    pair: Annotated[
        list[str] | None,
        typer.Option("--pair", metavar="MENTOR:MENTEE", help="Only this pair's card; repeatable."),
    ] = None,
    force: Force = False,
    folder: Folder = HERE,
) -> None:
    """Write a card for each pair whose match stands: who they are, what they have in common, what comes first."""
    check_private(out, "--out", force=force)
    only = id_pairs(pair, "--pair")
    found = call_service(folder, lambda context: pairs_to_print(context, staff_actor(), cohort, only))
    cards = [PairCard(**dict(final)) for final in found.pairs]
    write_private(out, pair_cards(found.settings, cards), "--out", force=force)
    print(f"Written to {out}: {len(cards)} pair {'card' if len(cards) == 1 else 'cards'}.")
    if found.without:
        print(f"No card yet, because the match is not final: {', '.join(found.without)}.")
    _warn([person for final in found.pairs for person in (final.mentor, final.mentee)])


@paper_app.command("nametags")
def nametags_command(cohort: CohortId, out: Out, force: Force = False, folder: Folder = HERE) -> None:
    """Write name tags, twelve on a page: for participants, and for mentors with a pair who have not said no."""
    check_private(out, "--out", force=force)
    found = call_service(folder, lambda context: names_to_print(context, staff_actor(), cohort))
    write_private(out, name_tags(found.settings, found.people), "--out", force=force)
    print(f"Written to {out}: {len(found.people)} name {'tag' if len(found.people) == 1 else 'tags'}.")
    _warn(found.people)


def _warn(people: Iterable[Person]) -> None:
    if lacking := lacking_letters(people):
        print(
            f"No font of this machine has every letter of {', '.join(lacking)}; there are empty boxes instead. "
            "Install a font that has them (Debian: apt install fonts-noto) and run the command again with --force."
        )
