"""What is printed for the last day of the institute: whose pair cards and whose name tags (A5)."""

from collections.abc import Iterable

from domain.matching.proposals import shared_reasons
from schemas.actor import Actor
from schemas.applications.people import Person
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import RsvpStatus, Side
from schemas.errors import Refusal
from schemas.kickoff.guests import Guest, PublishedPair
from services.context import ServiceContext
from storage import cohorts, kickoff, roles


class FinalPair(FrozenModel):
    """The two people of a pair whose match is final, and what they have in common in sentences fit for both."""

    mentor: Person
    mentee: Person
    shared: tuple[str, ...]


class PrintablePairs(FrozenModel):
    """The pairs whose cards can be printed, and those without one yet, as MENTOR:MENTEE.

    ``settings`` are the cohort's as they are on its last day: paper names whoever answers then.
    """

    settings: CohortSettings
    pairs: tuple[FinalPair, ...]
    without: tuple[str, ...]


class PrintableNames(FrozenModel):
    """Everybody who gets a name tag, by name; ``settings`` as in PrintablePairs."""

    settings: CohortSettings
    people: tuple[Person, ...]


async def pairs_to_print(
    context: ServiceContext, actor: Actor, cohort: str, only: tuple[tuple[str, str], ...] = ()
) -> PrintablePairs:
    """Return the pairs whose match is final, or ``only`` some of them by (mentor, mentee) ids.

    Raises UnknownCohort, or Refusal where a pair is not published or no match is final.
    """
    settings = await _on_last_day(context, cohort)
    matches = await cohorts.published_matches(context.pool, cohort)
    shared = {(pair.mentor, pair.mentee): shared_reasons(pair) for pair in matches.pairs}
    people = {guest.person.id: guest.person for guest in await kickoff.guests(context.pool, cohort)}
    pairs = _chosen(cohort, await kickoff.published_pairs(context.pool, cohort), only)
    final = [pair for pair in pairs if pair.final]
    if not final:
        raise Refusal(f"No match of {cohort} that was asked for is final, so there is no card to write.")
    await context.audit(actor, "pair_cards_written", cohort, cards=len(final))
    return PrintablePairs(
        settings=settings,
        pairs=tuple(
            FinalPair(mentor=people[pair.mentor_id], mentee=people[pair.mentee_id], shared=shared[_ids(pair)])
            for pair in final
        ),
        without=tuple(":".join(_ids(pair)) for pair in pairs if pair not in final),
    )


async def printable_pairs(context: ServiceContext, cohort: str) -> tuple[tuple[str, str], ...]:
    """Return the (mentor, mentee) ids of the published pairs whose match is final: those that get a card."""
    return tuple(_ids(pair) for pair in await kickoff.published_pairs(context.pool, cohort) if pair.final)


async def names_to_print(context: ServiceContext, actor: Actor, cohort: str) -> PrintableNames:
    """Return who is expected on the last day: every mentee, and mentors with a pair who have not said no.

    Raises UnknownCohort, or Refusal where nobody is expected yet.
    """
    settings = await _on_last_day(context, cohort)
    mentees = {mentee.id for mentee in await cohorts.mentees(context.pool, cohort)}
    guests = await kickoff.guests(context.pool, cohort)
    expected = [guest.person for guest in guests if guest.person.id in mentees or _is_expected_mentor(guest)]
    if not expected:
        raise Refusal(f"{cohort} expects no one yet, so there are no name tags to write.")
    await context.audit(actor, "name_tags_written", cohort, tags=len(expected))
    people = sorted(expected, key=lambda person: (person.name.casefold(), person.id))
    return PrintableNames(settings=settings, people=tuple(people))


async def _on_last_day(context: ServiceContext, cohort: str) -> CohortSettings:
    settings = await cohorts.cohort_settings(context.pool, cohort)
    return await roles.settings_on(context.pool, cohort, settings.kickoff_day)


def _chosen(cohort: str, pairs: Iterable[PublishedPair], only: tuple[tuple[str, str], ...]) -> list[PublishedPair]:
    published = {_ids(pair): pair for pair in pairs}
    unknown = [":".join(ids) for ids in only if ids not in published]
    if unknown:
        raise Refusal(f"{', '.join(unknown)} is no published pair of {cohort}.")
    return [published[ids] for ids in dict.fromkeys(only or published)]


def _ids(pair: PublishedPair) -> tuple[str, str]:
    return pair.mentor_id, pair.mentee_id


def _is_expected_mentor(guest: Guest) -> bool:
    declined = guest.rsvp is not None and guest.rsvp.status is RsvpStatus.NO
    return guest.person.side is Side.MENTOR and guest.invited and not declined
