"""A mail relay on this machine that answers as it is told, and what delivers an outbox to it."""

import asyncio
import email
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import default

import asyncpg
from aiosmtpd.smtp import SMTP, Envelope, Session

from emails.sender import EmailSender
from runtime.settings import Settings
from schemas.emails.messages import ClaimedEmail, QueuedEmail
from storage import outbox

SETTLED_WITHIN_SECONDS = 30
FULL = "full@example.org"


class Relay:
    """Accepts every message unless it is told to answer otherwise, and keeps what it accepted.

    ``answers`` are the answers to recipients, by address; ``to_recipient`` and ``to_message`` meet all others.
    """

    def __init__(self, to_recipient: str = "250 fine", to_message: str = "250 taken") -> None:
        self.to_recipient = to_recipient
        self.to_message = to_message
        self.answers = {FULL: "452 4.2.2 mailbox full"}
        self.accepted: list[tuple[str, bytes]] = []
        self.envelope_senders: list[str | None] = []
        self.offered = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.offered += 1
        answer = self.answers.get(address, self.to_recipient)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.to_message.startswith("250"):
            self.envelope_senders.append(envelope.mail_from)
            self.accepted += [(to, envelope.original_content or b"") for to in envelope.rcpt_tos]
        return self.to_message

    @property
    def recipients(self) -> list[str]:
        """Return whom it accepted messages to, in order."""
        return [to for to, _ in self.accepted]

    @property
    def messages(self) -> list[EmailMessage]:
        """Return the messages it accepted, in order."""
        messages = [email.message_from_bytes(raw, policy=default) for _, raw in self.accepted]
        return [message for message in messages if isinstance(message, EmailMessage)]

    def text(self) -> str:
        """Return the plain text of the last message."""
        part = self.messages[-1].get_body(("plain",))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


@asynccontextmanager
async def listening(relay: Relay) -> AsyncIterator[int]:
    """Let a relay listen on a port of its own, which is yielded."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(relay, hostname="localhost", loop=loop), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def settings_for(database_url: str, port: int, **more: object) -> Settings:
    """Return settings with a relay on this port."""
    given = {
        "database_url": database_url,
        "link_secret": "0123456789abcdef" * 2,
        "public_url": "https://mile.example.org",
        "sender": "mile@example.org",
        "smtp_port": port,
        "emails_per_second": 1000,
    }
    return Settings.model_validate(given | more)


class Delivery:
    """An outbox with its relay; the sender runs only while something is delivered."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self.pool = pool
        self.settings = settings
        self.undeliverable: list[str] = []

    async def deliver(self, *emails: QueuedEmail) -> list[str | None]:
        """Enqueue emails, let the sender make one attempt at each that may leave, and return the states of these."""
        await outbox.enqueue(self.pool, *emails)
        async with self.sending():
            await self.settled()
        return [await outbox.email_state(self.pool, email.key) for email in emails]

    @asynccontextmanager
    async def sending(self, senders: int = 1) -> AsyncIterator[None]:
        """Run senders for as long as the block lasts."""
        tasks = [asyncio.create_task(EmailSender(self.pool, self.settings, self.note).run()) for _ in range(senders)]
        try:
            yield
        finally:
            await _stop(tasks)

    async def settled(self) -> None:
        """Wait until nothing may leave at this moment."""
        async with asyncio.timeout(SETTLED_WITHIN_SECONDS):
            while await self.pool.fetchval(  # noqa: ASYNC110 - PostgreSQL does not tell
                "select exists (select from outbox where state = 'sending'"
                " or (state = 'queued' and next_attempt_at <= clock_timestamp()))"
            ):
                await asyncio.sleep(0.005)

    async def forward(self, key: str) -> None:
        """Let the time until an email's next attempt pass."""
        await self.pool.execute("update outbox set next_attempt_at = now() where key = $1", key)

    async def note(self, email: ClaimedEmail) -> None:
        """Take note of an email whose address refuses it for good."""
        self.undeliverable.append(email.key)


async def _stop(tasks: Iterable[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
