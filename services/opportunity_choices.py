"""What participants say of opportunities: which kinds emails should list to them, and which they took up (A16, A40)."""

from collections.abc import Iterable
from datetime import date

import asyncpg

from domain.calendar import local_day
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from schemas.base import FrozenModel
from schemas.cohort.opportunities import Opportunity
from schemas.cohort.settings import CohortSettings
from schemas.enums import Language, OpportunityKind
from schemas.mentorship.responses import ReminderLink
from storage import audit, mentorships, opportunities, reminders, roles
from storage.database import transaction


class OpportunityChoices(FrozenModel):
    """What the page of opportunities shows one participant; ``kinds`` is None where they have not chosen any yet."""

    link: ReminderLink
    cohort: CohortSettings
    today: date
    opportunities: tuple[Opportunity, ...]
    taken: frozenset[int]
    kinds: frozenset[OpportunityKind] | None
    language: Language


class OpportunityChoiceService:
    """Stores what participants say of opportunities; staff only ever see how many took one up."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def open(self, token_hash: bytes) -> OpportunityChoices | None:
        """Return what a link's page shows, or None where the link is unknown."""
        link = await reminders.link(self._pool, token_hash)
        if link is None:
            return None
        pair, now = await mentorships.partners(self._pool, link.mentorship_id), self._clock.now(link.mentorship_id)
        cohort = await roles.settings_at(self._pool, pair.cohort, now)
        return OpportunityChoices(
            link=link,
            cohort=cohort,
            language=pair.language_of(link.side),
            today=local_day(now, cohort.time_zone),
            opportunities=await opportunities.opportunities(self._pool, cohort.id),
            taken=await opportunities.taken_up(self._pool, cohort.id, link.person_id),
            kinds=await opportunities.wanted_kinds(self._pool, cohort.id, link.person_id),
        )

    async def choose(self, page: OpportunityChoices, kinds: Iterable[OpportunityKind]) -> None:
        """Store which kinds later emails list."""
        now, chosen = self._clock.now(page.link.mentorship_id), frozenset(kinds)
        if chosen == page.kinds:
            return
        async with transaction(self._pool) as connection:
            await opportunities.save_wanted_kinds(connection, page.cohort.id, page.link.person_id, chosen, now)
            await audit.save_event(connection, _event(page, "opportunities_chosen", self._clock))

    async def take_up(self, page: OpportunityChoices, number: int, *, taken: bool) -> None:
        """Note that an opportunity was taken up, or take that back; a repetition changes nothing."""
        person, now = page.link.person_id, self._clock.now(page.link.mentorship_id)
        # A number of any size can be sent, and PostgreSQL refuses one that is too large.
        if all(number != each.id for each in page.opportunities):
            return
        async with transaction(self._pool) as connection:
            changed = (
                await opportunities.take_up(connection, page.cohort.id, person, number, now)
                if taken
                else await opportunities.give_back(connection, page.cohort.id, person, number)
            )
            if changed:
                action = "opportunity_taken_up" if taken else "opportunity_given_back"
                await audit.save_event(connection, _event(page, action, self._clock, opportunity=number))


def _event(page: OpportunityChoices, action: str, clock: Clock, **details: int) -> AuditEvent:
    return AuditEvent(
        happened_at=clock.now(page.link.mentorship_id),
        actor=Actor.participant(page.link.person_id),
        action=action,
        cohort_id=page.cohort.id,
        mentorship_id=page.link.mentorship_id,
        person_id=page.link.person_id,
        details={**details},
    )
