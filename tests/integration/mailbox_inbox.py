"""The inbox of a rehearsal whose emails go through Postfix to Dovecot, instead of the local stack's mailbox."""

import asyncio
from email import message_from_bytes
from email.policy import default

import asyncpg

from rehearsal.inbox import Inbox, ReceivedEmail, ReceivedInvitation
from runtime.settings import Settings
from tests.integration.mail_servers import MailServers

ARRIVES_WITHIN_SECONDS = 120
SENT = "select message_id from outbox where scope_id = $1 and state = 'sent'"


class MailboxInbox(Inbox):
    """Receives what Dovecot has taken; whoever reads waits for what the relay took."""

    def __init__(self, servers: MailServers) -> None:
        super().__init__()
        self._servers = servers
        self._seen: set[str] = set()
        self._arrived: set[str] = set()

    async def new_emails(self, pool: asyncpg.Pool, settings: Settings, mentorship: str) -> list[ReceivedEmail]:
        """Return the emails of a mentorship since the last call, once all that were sent have arrived."""
        await self._wait_for_sent(pool, mentorship)
        return await super().new_emails(pool, settings, mentorship)

    async def new_invitations(self, pool: asyncpg.Pool, settings: Settings, scope: str) -> list[ReceivedInvitation]:
        """Return the emails about somebody's place since the last call, once all that were sent have arrived."""
        await self._wait_for_sent(pool, scope)
        return await super().new_invitations(pool, settings, scope)

    async def _wait_for_sent(self, pool: asyncpg.Pool, scope: str) -> None:
        async with asyncio.timeout(ARRIVES_WITHIN_SECONDS):
            while not {row["message_id"] for row in await pool.fetch(SENT, scope)} <= self._arrived:
                self._collect()
                await asyncio.sleep(0.02)

    def _collect(self) -> None:
        for file in self._servers.files():
            # A message that is read over IMAP moves to another folder and has flags after its name.
            name = file.name.partition(":")[0]
            if name not in self._seen:
                self._seen.add(name)
                message = message_from_bytes(file.read_bytes(), policy=default)
                self._arrived.add(str(message["Message-ID"]))
                self.receive(message)
