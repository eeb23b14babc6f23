"""The stack's mailbox: an SMTP server that delivers nothing and stores everything, one file per email."""

import asyncio
import mailbox
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from runtime.email_policy import REMEMBERING_HEADERS
from runtime.local_stack.ports import HOST

OnMail = Callable[[EmailMessage], None]


# Addresses that do not exist or are full, so that a rehearsal can show what follows from a refusal.
NO_SUCH_MAILBOXES = "@unknown.example.org"
FULL_MAILBOXES = "@full.example.org"


class MailSink:
    """Stores every email in a Maildir, unchanged, and passes it to ``on_mail``.

    Addresses at ``unknown.example.org`` are refused permanently (5xx), as if they did not exist, and those at
    ``full.example.org`` temporarily (4xx), as if their mailbox were full.
    """

    def __init__(self, folder: Path, on_mail: OnMail | None = None) -> None:
        self._maildir = mailbox.Maildir(folder)
        self._on_mail = on_mail
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        """Listen on this port of this machine, in the running event loop."""
        # aiosmtpd's Controller would run in a thread and a loop of its own; ``on_mail`` belongs into this one.
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="localhost", loop=loop), HOST, port)

    async def stop(self) -> None:
        """Stop listening; stored emails stay in the Maildir."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept or refuse a recipient."""
        if address.endswith(NO_SUCH_MAILBOXES):
            return "550 5.1.1 no such mailbox"
        if address.endswith(FULL_MAILBOXES):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Store one email, then accept it: what was accepted is on disk."""
        # The bytes as they came; aiosmtpd's ``content`` is text where decode_data is set.
        content = envelope.original_content or b""
        self._maildir.add(content)
        if self._on_mail is not None:
            self._on_mail(message_from_bytes(content, _class=EmailMessage, policy=REMEMBERING_HEADERS))
        return "250 kept"
