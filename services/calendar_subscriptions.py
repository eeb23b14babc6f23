"""Calendars that participants let the program read, so that a page can say when they are busy; nothing else is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog

from domain.availability.addresses import check_address
from domain.languages import gettext, in_language
from runtime.busy_times_process import busy_times_of
from runtime.redaction import place_of
from runtime.sealing import Seal
from schemas.actor import Actor
from schemas.errors import CalendarRefused
from schemas.mentorship.my_mentorship import MyMentorship
from services.context import ServiceContext
from storage import calendar_subscriptions, personal_links
from storage.calendar_subscriptions import CalendarToRead
from storage.database import Connection, transaction

READ_EVERY = timedelta(hours=6)
# Meetings are planned for the quarter that comes.
READ_AHEAD = timedelta(days=120)
AT_ONCE = 5
MOST_AT_A_TIME = 100
PURPOSE = "calendar address"
Fetch = Callable[[str], Awaitable[bytes]]
_log = structlog.get_logger(__name__)


class CalendarSubscriptionService:
    """Keeps the addresses of participants' calendars.

    Each is as good as a password, so only a link key opens what is stored.
    """

    def __init__(self, services: ServiceContext) -> None:
        self._services = services
        self._seal = Seal(services.settings.link_keys, PURPOSE)

    async def subscribe(self, page: MyMentorship, address: str) -> None:
        """Keep the address of a calendar in place of the one before.

        Raises CalendarRefused where it cannot be one, LinkRevoked where the page's link was revoked meanwhile.
        """
        sealed = self._seal.seal(check_address(address.strip()))
        async with transaction(self._services.pool) as db:
            await personal_links.hold(db, page.link)
            await calendar_subscriptions.save(db, page.cohort.id, _owner(page), sealed, datetime.now(UTC))
            await self._audit(db, page, "calendar_added")

    async def unsubscribe(self, page: MyMentorship) -> None:
        """Forget the calendar and all that was read in it; a repetition changes nothing."""
        async with transaction(self._services.pool) as db:
            if await calendar_subscriptions.delete(db, page.cohort.id, _owner(page)):
                await self._audit(db, page, "calendar_removed")

    async def _audit(self, db: Connection, page: MyMentorship, action: str) -> None:
        person = _owner(page)
        await self._services.audit_in(
            db, Actor.participant(person), action, page.cohort.id, page.pair.mentorship_id, person
        )


async def read_calendars(services: ServiceContext, fetch: Fetch) -> int:
    """Read the calendars that are due, a few at once, and return how many could be read.

    What is wrong with one is kept for its owner and holds up no other. Calendars of ended mentorships are forgotten.
    """
    await calendar_subscriptions.forget_ended(services.pool)
    due = await calendar_subscriptions.to_read(services.pool, datetime.now(UTC) - READ_EVERY, MOST_AT_A_TIME)
    seal, gate = Seal(services.settings.link_keys, PURPOSE), asyncio.Semaphore(AT_ONCE)

    async def read(calendar: CalendarToRead) -> bool:
        async with gate:
            # Why it could not be read is kept as its owner reads it.
            with in_language(calendar.language):
                return await _read(services.pool, seal, calendar, fetch)

    return sum(await asyncio.gather(*(read(calendar) for calendar in due)))


async def _read(pool: asyncpg.Pool, seal: Seal, calendar: CalendarToRead, fetch: Fetch) -> bool:
    now = datetime.now(UTC)
    address = seal.open(calendar.sealed_address)
    try:
        if address is None:
            raise CalendarRefused(gettext("We cannot read the address any more. Please enter it again."))
        times = await busy_times_of(await fetch(address), now, now + READ_AHEAD, calendar.time_zone)
    except CalendarRefused as refused:
        # Without the reason, which may hold what is at the address; its owner sees it.
        _log.info("calendar_not_read", person=calendar.person_id, cohort=calendar.cohort_id)
        await calendar_subscriptions.save_problem(pool, calendar, str(refused), now)
        return False
    except Exception as error:
        # A stranger's server can bring about what nobody thought of; the others' calendars are read all the same.
        _log.error("calendar_reading_failed", kind=type(error).__name__, place=place_of(error))
        problem = gettext("Something unexpected went wrong. We will try again.")
        await calendar_subscriptions.save_problem(pool, calendar, problem, now)
        return False
    await calendar_subscriptions.save_times(pool, calendar, times, now)
    return True


def _owner(page: MyMentorship) -> str:
    return page.pair.of(page.side).id
