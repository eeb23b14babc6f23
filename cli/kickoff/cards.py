"""``mile cohort cards|nametags``: what staff print for the last day of the institute (A5)."""

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cli.cohort.options import CohortId, Force, with_cohort
from cli.common.pairs import id_pairs
from cli.common.private_files import check_private, write_private
from cli.common.servers import HERE, Folder, staff_actor
from domain.matching.proposals import shared_reasons
from schemas.applications.people import Person
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import RsvpStatus, Side
from schemas.errors import Refusal
from schemas.kickoff.guests import Guest, PublishedPair
from services.context import ServiceContext
from storage import cohorts, kickoff, roles
from web.documents.cards import PairCard, lacking_letters, name_tags, pair_cards

Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The PDF to write; only you may read it.")]
Told = TypeVar("Told")

paper_app = typer.Typer()


class Cards(FrozenModel):
    """The cards that can be printed, and the pairs without one, as MENTOR:MENTEE."""

    pairs: tuple[PairCard, ...]
    without: tuple[str, ...]


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

    async def deed(at: ServiceContext, settings: CohortSettings) -> Cards:
        cards = await _cards(at, settings, only)
        write_private(out, pair_cards(settings, cards.pairs), "--out", force=force)
        await at.audit(staff_actor(), "pair_cards_written", cohort, cards=len(cards.pairs))
        return cards

    cards = _on_kickoff_day(cohort, folder, deed)
    print(f"Written to {out}: {len(cards.pairs)} pair {'card' if len(cards.pairs) == 1 else 'cards'}.")
    if cards.without:
        print(f"No card yet, because the match is not final: {', '.join(cards.without)}.")
    _warn([person for one in cards.pairs for person in (one.mentor, one.mentee)])


@paper_app.command("nametags")
def nametags_command(cohort: CohortId, out: Out, force: Force = False, folder: Folder = HERE) -> None:
    """Write name tags, twelve on a page: for participants, and for mentors with a pair who have not said no."""
    check_private(out, "--out", force=force)

    async def deed(at: ServiceContext, settings: CohortSettings) -> list[Person]:
        people = await _expected(at, settings)
        write_private(out, name_tags(settings, people), "--out", force=force)
        await at.audit(staff_actor(), "name_tags_written", cohort, tags=len(people))
        return people

    people = _on_kickoff_day(cohort, folder, deed)
    print(f"Written to {out}: {len(people)} name {'tag' if len(people) == 1 else 'tags'}.")
    _warn(people)


async def _cards(at: ServiceContext, settings: CohortSettings, only: tuple[tuple[str, str], ...]) -> Cards:
    matches = await cohorts.published_matches(at.pool, settings.id)
    shared = {(one.mentor, one.mentee): shared_reasons(one) for one in matches.pairs}
    people = {guest.person.id: guest.person for guest in await kickoff.guests(at.pool, settings.id)}
    pairs = _wanted(settings.id, await kickoff.published_pairs(at.pool, settings.id), only)
    final = [one for one in pairs if one.final]
    if not final:
        raise Refusal(f"No match of {settings.id} that was asked for is final, so there is no card to write.")
    return Cards(
        pairs=tuple(
            PairCard(mentor=people[one.mentor_id], mentee=people[one.mentee_id], shared=shared[_ids(one)])
            for one in final
        ),
        without=tuple(":".join(_ids(one)) for one in pairs if one not in final),
    )


def _wanted(cohort: str, pairs: Iterable[PublishedPair], only: tuple[tuple[str, str], ...]) -> list[PublishedPair]:
    found = {_ids(pair): pair for pair in pairs}
    unknown = [":".join(ids) for ids in only if ids not in found]
    if unknown:
        raise Refusal(f"--pair {', '.join(unknown)} is no published pair. See them: mile cohort show {cohort}")
    return [found[ids] for ids in dict.fromkeys(only or found)]


def _ids(pair: PublishedPair) -> tuple[str, str]:
    return pair.mentor_id, pair.mentee_id


async def _expected(at: ServiceContext, settings: CohortSettings) -> list[Person]:
    mentees = {one.id for one in await cohorts.mentees(at.pool, settings.id)}
    guests = await kickoff.guests(at.pool, settings.id)
    expected = [guest.person for guest in guests if guest.person.id in mentees or _mentor_may_come(guest)]
    if not expected:
        raise Refusal(f"{settings.id} has nobody yet who is expected, so there is no name tag to write.")
    return sorted(expected, key=lambda person: (person.name.casefold(), person.id))


def _mentor_may_come(guest: Guest) -> bool:
    said_no = guest.rsvp is not None and guest.rsvp.coming is RsvpStatus.NO
    return guest.person.side is Side.MENTOR and guest.invited and not said_no


def _warn(people: Iterable[Person]) -> None:
    if lacking := lacking_letters(people):
        print(
            f"No font of this machine has every letter of {', '.join(lacking)}; there are empty boxes instead. "
            "Install a font that has them (Debian: apt install fonts-noto) and run the command again with --force."
        )


def _on_kickoff_day(
    cohort: str, folder: Path, deed: Callable[[ServiceContext, CohortSettings], Awaitable[Told]]
) -> Told:
    """Do something with a cohort as it is on its last day: paper names whoever answers then."""

    async def done(at: ServiceContext, settings: CohortSettings) -> Told:
        return await deed(at, await roles.settings_on(at.pool, cohort, settings.kickoff))

    return with_cohort(cohort, folder, done)
