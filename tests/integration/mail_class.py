"""A class with every first email of its mentorships in the outbox, to be delivered through real mail servers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import asyncpg

from domain.mentorship.plan import plan
from domain.mentorship.progression import email_kind, planned_email_key
from domain.mentorship.terms import initial_terms
from emails.samples import SAMPLE_COHORT
from emails.sender import EmailSender
from runtime.settings import Settings
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.emails.messages import QueuedEmail
from schemas.mentorship.state import MentorshipState
from services.bounce_mailbox import BounceMailboxReader
from storage import cohorts, mentorships, outbox
from tests.emails.relay import settings_for
from tests.emails.stored import NOW, person
from tests.integration.mail_servers import DOMAIN, PASSWORD, MailServers, acceptance
from tests.matched import matched

PAIRS = 10
PEOPLE = [f"{side}{number:02}" for side in "mp" for number in range(1, PAIRS + 1)]
ROLE = SAMPLE_COHORT.contact.email.partition("@")[0]
# So that a fault of some seconds comes in the middle.
EMAILS_PER_SECOND = 30
UNSETTLED = "select count(*) from outbox where state in ('queued', 'sending')"


class MailClass:
    """Ten pairs with all first emails due, and what delivers these."""

    def __init__(self, pool: asyncpg.Pool, database_url: str, servers: MailServers) -> None:
        self.pool = pool
        self.servers = servers
        self.undeliverable: list[str] = []
        self.settings: Settings = settings_for(
            database_url,
            servers.smtp_port,
            emails_per_second=EMAILS_PER_SECOND,
            bounces_address=f"bounces@{DOMAIN}",
            bounces_imap_host="127.0.0.1",
            bounces_imap_port=servers.imap_port,
            bounces_imap_username="bounces",
            bounces_imap_password=PASSWORD,
            bounces_imap_tls="none",
        )

    async def enqueue_everything(self) -> None:
        """Store the pairs, and enqueue every email of their plans that is no reminder."""
        mentors = [MentorApplication.model_validate(_person("M", n) | {"years": 9}) for n in range(1, PAIRS + 1)]
        mentees = [
            MenteeApplication.model_validate(_person("P", n) | {"goals": ("Lead",)}) for n in range(1, PAIRS + 1)
        ]
        await cohorts.save_cohort(self.pool, SAMPLE_COHORT, tuple(mentors), tuple(mentees), NOW)
        ids = await mentorships.save_pairs(
            self.pool,
            SAMPLE_COHORT.id,
            matched(*((f"M{n:02}", f"P{n:02}") for n in range(1, PAIRS + 1))),
            starts_on=SAMPLE_COHORT.kickoff_day,
            ends_on=date(2020, 11, 10),
            now=NOW,
        )
        await outbox.enqueue(self.pool, *[email for each in ids for email in await self._planned(each)])

    async def keep(self, mentorship: str) -> None:
        """Delete the emails of all other mentorships."""
        await self.pool.execute("delete from outbox where scope_id <> $1", mentorship)

    async def _planned(self, mentorship: str) -> list[QueuedEmail]:
        terms = initial_terms(SAMPLE_COHORT, mentorship, goals=1)
        planned = plan(terms, NOW)
        await mentorships.save_plan(self.pool, mentorship, planned, NOW)
        state = MentorshipState(terms=terms, plan=planned)
        return [
            QueuedEmail(
                key=planned_email_key(state, email),
                kind=email_kind(state, email),
                scope_id=mentorship,
                to=email.to,
                at=email.at,
                now=NOW,
                asks=email.asks,
            )
            for email in planned.emails
            # A reminder that comes up with its opening has nothing more to say.
            if not any(ask.occurrence for ask in email.asks)
        ]

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Run a sender for as long as the block lasts."""
        sender = asyncio.create_task(EmailSender(self.pool, self.settings, self._note).run())
        try:
            yield
        finally:
            sender.cancel()
            await asyncio.wait([sender])

    async def left(self) -> int:
        """Return how many emails the relay has not taken."""
        return int(await self.pool.fetchval(UNSETTLED))

    async def until_left(self, most: int, seconds: float) -> None:
        """Wait until at most so many emails are left."""
        async with asyncio.timeout(seconds):
            while await self.left() > most:  # noqa: ASYNC110 - PostgreSQL does not tell
                await asyncio.sleep(0.1)

    async def deliver(self, seconds: float = 60) -> None:
        """Deliver everything, and wait until Postfix has nothing left, either."""
        async with self.sending():
            await self.until_left(0, seconds)
        await self.until_queue_is_empty()

    async def until_queue_is_empty(self) -> None:
        """Wait until Postfix has delivered what it took."""
        async with asyncio.timeout(60):
            while self.servers.count_queued():  # noqa: ASYNC110 - Postfix does not tell
                await asyncio.sleep(0.2)

    async def expected(self, *, least_attempts: int = 1) -> Counter[tuple[str, str]]:
        """Return who should have which Message-ID, once each, by what is in the outbox.

        An attempt counts only where the relay may have taken the email.
        """
        rows = await self.pool.fetch(
            "select o.message_id, a.email from outbox o join mentorship m on m.id = o.scope_id"
            " join application a on a.cohort_id = m.cohort_id"
            " and a.person_id = case o.recipient when 'mentor' then m.mentor_id else m.mentee_id end"
            " where o.state = 'sent' and o.attempts >= $1",
            least_attempts,
        )
        return Counter((row["email"].partition("@")[0], row["message_id"]) for row in rows)

    async def arrived(self) -> Counter[tuple[str, str]]:
        """Return who has which Message-ID, by what is read over IMAP; how often, by how often the relay took it."""
        mailboxes = await asyncio.to_thread(lambda: {user: self.servers.messages(user) for user in PEOPLE})
        taken = {(user, acceptance(raw)) for user, messages in mailboxes.items() for raw in messages}
        return Counter((user, message_id) for user, (message_id, _) in taken)

    async def read_bounces(self) -> int:
        """Read the mailbox for bounces once."""
        return await BounceMailboxReader(self.pool, self.settings, self._note).read()

    async def states(self) -> Counter[str]:
        """Return how many emails are in each state."""
        return Counter(row["state"] for row in await self.pool.fetch("select state from outbox"))

    async def _note(self, email: QueuedEmail) -> None:
        self.undeliverable.append(email.key)


def _person(letter: str, number: int) -> dict[str, object]:
    names = {"id": f"{letter}{number:02}", "email": f"{letter.lower()}{number:02}@{DOMAIN}"}
    return person(letter) | names | {"name": f"Person {letter} {number}"}
