"""Reading the mailbox for bounces, beside the sender, in one worker at a time."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from emails.imap import DONE_FOLDER, MAILBOX_ERRORS, UNRECOGNIZED_FOLDER, ImapMailbox
from emails.incoming import read_incoming
from runtime.settings import Settings
from schemas.emails.incoming import IncomingEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import IncomingKind
from services.bounces import BounceRecorder
from services.replies import ReplyRecorder
from storage import bounces

READ_EVERY_SECONDS = 60.0
DATABASE_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
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

    async def run(self) -> None:
        """Read until cancelled, each minute."""
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
        mailbox = await asyncio.to_thread(ImapMailbox.open, self._settings)
        try:
            uids = await asyncio.to_thread(mailbox.new_messages)
            for uid in uids:
                await self._read_alone(mailbox, uid)
            if uids:
                await asyncio.to_thread(mailbox.remove_old)
        finally:
            await asyncio.to_thread(mailbox.close)
        return len(uids)

    async def _read_alone(self, mailbox: ImapMailbox, uid: str) -> None:
        """Read one message, so that one that cannot be read or filed never stands before another."""
        try:
            await self._read_one(mailbox, uid)
        except DATABASE_ERRORS:
            raise
        except Exception as error:
            _log.warning("message_not_read", error=type(error).__name__)

    async def _read_one(self, mailbox: ImapMailbox, uid: str) -> None:
        raw = await asyncio.to_thread(mailbox.fetch, uid)
        incoming = await asyncio.to_thread(read_incoming, raw, self._settings.bounces_address or "")
        recognized = await self._record(incoming, raw)
        await asyncio.to_thread(mailbox.file, uid, DONE_FOLDER if recognized else UNRECOGNIZED_FOLDER)

    async def _record(self, incoming: IncomingEmail, raw: bytes) -> bool:
        """Record a message; return False where people should look at it."""
        _log.info("message_received", kind=incoming.kind, fingerprint=incoming.fingerprint)
        if incoming.kind in _BOUNCES:
            return await self._bounces.record(incoming)
        if incoming.kind in _REPLIES:
            return await self._replies.record(incoming, raw)
        return incoming.kind is IncomingKind.DELIVERED
