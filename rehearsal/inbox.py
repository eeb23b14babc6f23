"""The inbox of a rehearsal: every email as it arrived in the mailbox, with its links."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from functools import lru_cache

import asyncpg

from emails.links import LinkKeys, token_hash
from emails.message import message_id, thread_id
from runtime.settings import Settings
from schemas.base import FrozenModel
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side
from schemas.errors import MileError
from schemas.mentorship.state import Ask
from storage import outbox, rehearsals

Link = tuple[Ask, MilestoneKind, str]


class ReceivedEmail(FrozenModel):
    """An email that arrived at a participant: when it was due, and for each link what it asks and where.

    ``opportunities_url`` is the page on which they say which opportunities they took up, where the email has it.
    """

    key: str
    to: Side
    at: datetime
    automatic: bool = True
    links: tuple[Link, ...]
    opportunities_url: str = ""


class ReceivedInvitation(FrozenModel):
    """An email about somebody's place in a cohort; ``url`` is the page it leads to, ``occurrence`` counts reminders."""

    key: str
    kind: EmailKind
    at: datetime
    occurrence: int
    url: str


class Inbox:
    """Stores the emails that arrived in the mailbox, and which of them their recipients have opened."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self._by_id: dict[str, EmailMessage] = {}
        self._thread_count: Counter[str] = Counter()
        self._read_count: Counter[str] = Counter()
        self._opened: set[str] = set()

    def receive(self, message: EmailMessage) -> None:
        """Store a captured email; one that was sent twice has the same Message-ID and is read once."""
        self.messages.append(message)
        self._by_id[str(message["Message-ID"])] = message
        self._thread_count[str(message["References"])] += 1

    async def new_emails(self, pool: asyncpg.Pool, settings: Settings, mentorship: str) -> list[ReceivedEmail]:
        """Return the emails to a mentorship's participants that arrived since the last call, oldest first."""
        return [
            await self._received_email(pool, settings, row) for row in await self._new_rows(pool, settings, mentorship)
        ]

    async def new_invitations(self, pool: asyncpg.Pool, settings: Settings, scope: str) -> list[ReceivedInvitation]:
        """Return the emails about somebody's place in a cohort that arrived since the last call, oldest first."""
        return [self._invitation(settings, row) for row in await self._new_rows(pool, settings, scope)]

    async def _new_rows(self, pool: asyncpg.Pool, settings: Settings, scope: str) -> list[asyncpg.Record]:
        # Nothing new in the thread: the database need not be asked, which many idle mentorships would do all the time.
        thread = thread_id(scope, _domain(settings))
        messages = self._thread_count[thread]
        if messages == self._read_count[thread]:
            return []
        self._read_count[thread] = messages
        rows = [
            row
            for row in await outbox.emails_of_scope(pool, scope)
            if row["recipient"] != Recipient.STAFF and row["key"] not in self._opened and row["state"] == "sent"
        ]
        self._opened |= {row["key"] for row in rows}
        return rows

    def message(self, settings: Settings, key: str) -> EmailMessage:
        """Return the email of a key as it arrived, or raise MileError where it never did."""
        secret = LinkKeys(settings).find(None).secret
        message = self._by_id.get(message_id(secret, key, _domain(settings)))
        if message is None:
            raise MileError(f"The email {key} is marked as sent and never arrived in the mailbox.")
        return message

    def _invitation(self, settings: Settings, row: asyncpg.Record) -> ReceivedInvitation:
        text = plain_text(self.message(settings, row["key"]))
        match = re.search(rf"{re.escape(settings.public_url)}/a(?:pply)?/[a-z0-9-]+(?:/[a-z]+)?", text)
        if match is None:
            raise MileError(f"The email {row['key']} leads to no page.")
        return ReceivedInvitation(
            key=row["key"],
            kind=row["kind"],
            at=row["due_at"].replace(second=0, microsecond=0),
            occurrence=int(row["key"].rpartition("/")[2]),
            url=match.group(),
        )

    async def _received_email(self, pool: asyncpg.Pool, settings: Settings, row: asyncpg.Record) -> ReceivedEmail:
        asks = {ask["milestone"]: Ask.model_validate(ask) for ask in json.loads(row["asks"])}
        targets = await rehearsals.links_of(pool, row["key"])
        message = self.message(settings, row["key"])
        links = [_link(asks, targets, url) for url in _urls(message, settings.public_url)]
        opportunities = re.search(rf"{re.escape(settings.public_url)}/u/\S+/opportunities", plain_text(message))
        return ReceivedEmail(
            key=row["key"],
            to=Side(row["recipient"]),
            # Emails caused by staff leave at other seconds in each rehearsal of one seed; answers follow to the minute.
            at=row["due_at"].replace(second=0, microsecond=0),
            automatic=row["automatic"],
            links=(*links, *_steps(asks, targets, links)),
            opportunities_url=opportunities.group() if opportunities else "",
        )


# The standard library parses the headers of every part anew each time, and the checks read each email several times.
@lru_cache(maxsize=10_000)
def plain_text(message: EmailMessage) -> str:
    """Return an email's plain text, or raise MileError where it has none."""
    text = message.get_body(preferencelist=("plain",))
    if text is None:
        raise MileError(f"The email {message['Message-ID']} has no plain text.")
    return str(text.get_content())


def _link(asks: dict[str, Ask], targets: dict[bytes, tuple[str, MilestoneKind]], url: str) -> Link:
    match = targets.get(token_hash(url.rpartition("/")[2]))
    if match is None:
        raise MileError("An email carries a link that leads nowhere.")
    milestone, kind = match
    return asks[milestone], kind, url


def _steps(asks: dict[str, Ask], targets: dict[bytes, tuple[str, MilestoneKind]], links: Sequence[Link]) -> list[Link]:
    """Return where the first link of an email leads on to, for what else it asks without a link of its own."""
    linked = {ask.milestone for ask, _, _ in links}
    kinds = dict(targets.values())
    others = [ask for milestone, ask in asks.items() if milestone in kinds and milestone not in linked]
    return [(ask, kinds[ask.milestone], f"{links[0][2]}/steps/{ask.milestone}") for ask in others] if links else []


def _urls(message: EmailMessage, public_url: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf"{re.escape(public_url)}/r/[a-z2-7]{{26}}", plain_text(message))))


def _domain(settings: Settings) -> str:
    return settings.sender.rpartition("@")[2]
