"""``mile cohort cards|nametags``: what staff print for the last day of the institute (A5)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import CohortId, Force
from cli.common.pairs import id_pairs
from cli.common.private_files import check_private, write_private
from cli.common.servers import LOCAL_FOLDER, Folder, call_service, staff_actor
from schemas.applications.people import Person
from services.kickoff.printing import names_to_print, pairs_to_print
from web.documents.cards import PairCard, name_tags, pair_cards, people_lacking_glyphs

Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The PDF to write. Only you can read it.")]


def cards_command(
    cohort: CohortId,
    out: Out,
    pair: Annotated[
        list[str] | None,
        typer.Option("--pair", metavar="MENTOR:MENTEE", help="Only this pair's card; repeatable."),
    ] = None,
    force: Force = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Write a card for each pair with a final match: who they are, what they share, and the first steps."""
    check_private(out, "--out", force=force)
    chosen = id_pairs(pair, "--pair")
    printed = call_service(folder, lambda context: pairs_to_print(context, staff_actor(), cohort, chosen))
    cards = [PairCard(**dict(match)) for match in printed.pairs]
    write_private(out, pair_cards(printed.settings, cards), "--out", force=force)
    print(f"Written to {out}: {len(cards)} pair {'card' if len(cards) == 1 else 'cards'}.")
    if printed.without:
        print(f"No card yet, because the match is not final: {', '.join(printed.without)}.")
    _warn([person for match in printed.pairs for person in (match.mentor, match.mentee)])


def nametags_command(cohort: CohortId, out: Out, force: Force = False, folder: Folder = LOCAL_FOLDER) -> None:
    """Write name tags, twelve on a page, for mentees and for mentors with a pair who have not said no."""
    check_private(out, "--out", force=force)
    printed = call_service(folder, lambda context: names_to_print(context, staff_actor(), cohort))
    write_private(out, name_tags(printed.settings, printed.people), "--out", force=force)
    print(f"Written to {out}: {len(printed.people)} name {'tag' if len(printed.people) == 1 else 'tags'}.")
    _warn(printed.people)


def _warn(people: Iterable[Person]) -> None:
    if lacking := people_lacking_glyphs(people):
        print(
            f"No font of this machine has every letter of {', '.join(lacking)}; there are empty boxes instead. "
            "Install a font that has them (Debian: apt install fonts-noto) and run the command again with --force."
        )
