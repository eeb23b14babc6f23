"""The stack's mailbox: an SMTP server that delivers nothing and keeps everything, one file per email."""

import asyncio
import mailbox
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from runtime.local_stack.ports import HOST

OnMail = Callable[[EmailMessage], None]


# A mailbox nobody has, so that a rehearsal can show what becomes of an address that refuses.
NO_SUCH_MAILBOXES = "@unknown.example.org"
FULL_MAILBOXES = "@full.example.org"


class MailSink:
    """Takes every email it is offered into a Maildir, unchanged, and tells whoever wants to know.

    Only addresses at ``unknown.example.org`` are refused for good, as an address nobody has would be, and those at
    ``full.example.org`` for now, as a mailbox that is full would be.
    """

    def __init__(self, folder: Path, on_mail: OnMail | None = None) -> None:
        self._maildir = mailbox.Maildir(folder)
        self._on_mail = on_mail
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        """Listen on this port of this machine, in the running event loop."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="localhost", loop=loop), HOST, port)

    async def stop(self) -> None:
        """Stop listening; what was taken stays in the Maildir."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Say whether there is such a mailbox."""
        if address.endswith(NO_SUCH_MAILBOXES):
            return "550 5.1.1 no such mailbox"
        if address.endswith(FULL_MAILBOXES):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Keep one email, then say yes: what was accepted is on disk."""
        content = envelope.original_content or b""
        self._maildir.add(content)
        if self._on_mail is not None:
            self._on_mail(message_from_bytes(content, _class=EmailMessage, policy=policy.SMTP))
        return "250 kept"
