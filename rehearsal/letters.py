"""The letters of a rehearsal: every email is taken from the mailbox it arrived in, and its links are read there."""

import json
import re
from datetime import datetime
from email.message import EmailMessage

import asyncpg

from emails.message import message_id
from emails.tokens import token_hash
from runtime.settings import Settings
from schemas.base import Value
from schemas.errors import MileError
from schemas.mentorship import Ask
from schemas.words import MilestoneKind, Recipient, Side
from storage import correspondence


class Letter(Value):
    """An email that arrived at a participant: when it was due, and for each link what it asks and where."""

    key: str
    to: Side
    at: datetime
    links: tuple[tuple[Ask, MilestoneKind, str], ...]


class LetterBox:
    """Keeps what the mailbox took in, and knows which letters their recipients have not opened yet."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self._by_id: dict[str, EmailMessage] = {}
        self._opened: set[str] = set()

    def put(self, message: EmailMessage) -> None:
        """Keep a captured email; one that was sent again has the same Message-ID and is read once."""
        self.arrived.append(message)
        self._by_id[str(message["Message-ID"])] = message

    async def unopened(self, pool: asyncpg.Pool, settings: Settings, mentorship: str) -> list[Letter]:
        """Return the letters that arrived for a mentorship's participants since the last look, oldest first."""
        letters = []
        for row in await correspondence.emails_of(pool, mentorship):
            if row["recipient"] == Recipient.STAFF or row["key"] in self._opened or row["state"] != "sent":
                continue
            self._opened.add(row["key"])
            letters.append(await self._letter(pool, settings, row))
        return letters

    async def _letter(self, pool: asyncpg.Pool, settings: Settings, row: asyncpg.Record) -> Letter:
        message = self._by_id.get(message_id(row["key"], settings.sender.rpartition("@")[2]))
        if message is None:
            raise MileError(f"The email {row['key']} is marked as sent and never arrived in the mailbox.")
        asks = {ask["milestone"]: Ask.model_validate(ask) for ask in json.loads(row["asks"])}
        links = [await _link(pool, asks, url) for url in _urls(message, settings.public_url)]
        return Letter(key=row["key"], to=Side(row["recipient"]), at=row["due_at"], links=tuple(links))


async def _link(pool: asyncpg.Pool, asks: dict[str, Ask], url: str) -> tuple[Ask, MilestoneKind, str]:
    page = await correspondence.response_page(pool, token_hash(url.rpartition("/")[2]))
    if page is None:
        raise MileError("An email carries a link that leads nowhere.")
    return asks[page.link.milestone], page.kind, url


def _urls(message: EmailMessage, public_url: str) -> list[str]:
    text = message.get_body(preferencelist=("plain",))
    if text is None:
        raise MileError(f"The email {message['Message-ID']} has no plain text.")
    return list(dict.fromkeys(re.findall(rf"{re.escape(public_url)}/r/[a-z2-7]{{26}}", text.get_content())))
