"""Private calendar addresses: made and taken back on one's own page, read by a calendar program."""

from datetime import datetime

from domain.mentorship.my_mentorship import calendar_days
from emails.calendar_feed import calendar_feed
from emails.calendar_file import CalendarFile
from emails.links import random_token, token_hash
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.enums import Language
from schemas.mentorship.my_mentorship import MyMentorship
from services.context import ServiceContext
from services.my_mentorship import MyMentorshipService
from storage import calendar_feeds, personal_links
from storage.database import transaction


class FeedOwner(FrozenModel):
    """All mentorships of whoever's calendar it is, the newest last."""

    mentorships: tuple[MyMentorship, ...]

    @property
    def language(self) -> Language:
        """Return the language of the calendar."""
        return self.mentorships[-1].language

    def calendar(self) -> CalendarFile:
        """Return the calendar of all of them."""
        return calendar_feed([(page, calendar_days(page)) for page in self.mentorships])


class CalendarFeedService:
    """Makes, reads and revokes private calendar addresses; each opens nothing but the calendar."""

    def __init__(self, services: ServiceContext, my_mentorship: MyMentorshipService, clock: Clock) -> None:
        self._services = services
        self._my_mentorship = my_mentorship
        self._clock = clock

    async def make(self, page: MyMentorship) -> str:
        """Make a calendar address and return it, which nobody can read again; the one before ends.

        Raises LinkRevoked where the page's link was revoked meanwhile.
        """
        made, person = random_token(), page.pair.of(page.side).id
        async with transaction(self._services.pool) as db:
            await personal_links.hold(db, page.link)
            await calendar_feeds.replace(db, page.cohort.id, person, token_hash(made), self._now(page))
            await self._services.audit_in(
                db, Actor.participant(person), "calendar_address_made", page.cohort.id, page.pair.mentorship_id, person
            )
        return f"{self._services.settings.public_url}/m/{made}/calendar.ics"

    async def revoke(self, page: MyMentorship) -> None:
        """Take back one's calendar address."""
        person = page.pair.of(page.side).id
        async with transaction(self._services.pool) as db:
            await calendar_feeds.revoke(db, page.cohort.id, person, self._now(page))
            await self._services.audit_in(
                db,
                Actor.participant(person),
                "calendar_address_revoked",
                page.cohort.id,
                page.pair.mentorship_id,
                person,
            )

    async def open(self, hashed: bytes) -> FeedOwner | None:
        """Return whose calendar it is, or None where the address is unknown or too old."""
        owner = await calendar_feeds.owner(self._services.pool, hashed)
        opened = await self._my_mentorship.of_person(*owner) if owner else ()
        return FeedOwner(mentorships=opened) if opened else None

    def _now(self, page: MyMentorship) -> datetime:
        return self._clock.now(page.pair.mentorship_id)
