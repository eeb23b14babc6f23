"""Reading the mailbox for bounces, beside the sender, in one worker at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar

import asyncpg
import structlog

from emails.imap import DONE_FOLDER, MAILBOX_ERRORS, UNRECOGNIZED_FOLDER, ImapMailbox
from emails.incoming import read_incoming
from emails.smtp import DeliveryFailed
from runtime.settings import Settings
from schemas.emails.incoming import IncomingEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import IncomingKind
from services.bounces import BounceRecorder
from services.replies import ReplyRecorder
from storage import bounces
from storage.database import DATABASE_ERRORS

READ_EVERY_SECONDS = 60.0
T = TypeVar("T")
_BOUNCES = {IncomingKind.ADDRESS_REFUSED, IncomingKind.NOT_DELIVERED, IncomingKind.DELAYED}
_REPLIES = {IncomingKind.REPLY, IncomingKind.AUTOMATIC_REPLY}
_log = structlog.get_logger(__name__)


class BounceMailboxReader:
    """Reads what comes back to our envelope senders; without a mailbox in the settings it reads nothing."""

    def __init__(
        self, pool: asyncpg.Pool, settings: Settings, on_undeliverable: Callable[[QueuedEmail], Awaitable[None]]
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._bounces = BounceRecorder(pool, settings, on_undeliverable)
        self._replies = ReplyRecorder(pool, settings)
        self._removed_old_on: date | None = None
        # One call at a time: a session that is closed while another call still waits for the server would break.
        self._thread = ThreadPoolExecutor(1, "bounce-mailbox")

    async def run(self) -> None:
        """Read until canceled, each minute."""
        if not self._settings.reads_bounces:
            return
        while True:
            try:
                await self.read()
            except (*MAILBOX_ERRORS, *DATABASE_ERRORS) as error:
                _log.warning("bounce_mailbox_unavailable", error=type(error).__name__)
            await asyncio.sleep(READ_EVERY_SECONDS)

    async def read(self) -> int:
        """Read what is new and return how many messages that were, 0 while another worker is at it.

        A message leaves the folder only after it is recorded; one that is read again is known by its fingerprint.
        """
        async with bounces.reading_alone(self._pool) as alone:
            return await self._read_all() if alone else 0

    async def _read_all(self) -> int:
        mailbox = await self._in_thread(ImapMailbox.open, self._settings)
        try:
            uids = await self._in_thread(mailbox.new_messages)
            for uid in uids:
                await self._read_alone(mailbox, uid)
            await self._remove_old(mailbox)
        finally:
            await self._in_thread(mailbox.close)
        return len(uids)

    async def _remove_old(self, mailbox: ImapMailbox) -> None:
        """Delete what was read long ago, once a day, whether anything new came or not."""
        today = datetime.now(UTC).date()
        if self._removed_old_on != today:
            await self._in_thread(mailbox.remove_old)
            self._removed_old_on = today

    async def _in_thread(self, call: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(call, *given))

    async def _read_alone(self, mailbox: ImapMailbox, uid: str) -> None:
        """Read one message, so that one that cannot be read or filed never stands before another."""
        try:
            await self._read_one(mailbox, uid)
        except DATABASE_ERRORS:
            raise
        # A reply that the relay does not take now: it is passed on later.
        except DeliveryFailed as error:
            _log.warning("message_not_read", error=type(error).__name__)
        except Exception as error:
            _log.warning("message_not_read", error=type(error).__name__)
            # Where it stays, as many of them as are read at a time would be read again for ever.
            await self._in_thread(mailbox.file, uid, UNRECOGNIZED_FOLDER)

    async def _read_one(self, mailbox: ImapMailbox, uid: str) -> None:
        raw = await self._in_thread(mailbox.fetch, uid)
        incoming = await self._in_thread(read_incoming, raw, self._settings.bounces_address or "")
        await self._in_thread(mailbox.file, uid, await self._record(incoming, raw))

    async def _record(self, incoming: IncomingEmail, raw: bytes) -> str:
        """Record a message, and return the folder to which it belongs: unrecognized ones are for people to look at."""
        _log.info("message_received", kind=incoming.kind, fingerprint=incoming.fingerprint)
        if incoming.kind in _REPLIES:
            return await self._replies.record(incoming, raw)
        # Of a report that says that the email arrived, another recipient may not have got it.
        is_bounce = incoming.kind in _BOUNCES or incoming.reports
        return DONE_FOLDER if is_bounce and await self._bounces.record(incoming) else UNRECOGNIZED_FOLDER
