"""A rehearsal whose emails go through Postfix, OpenDKIM and Dovecot, with the relay stopped in the middle."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TypeVar

import asyncpg

from emails.sender import CONNECTIONS
from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import open_environment
from rehearsal.folder import read_folder
from runtime.local_stack.stack import LocalStack, StackOptions
from schemas.applications.people import Application
from schemas.cohort.folder import CohortFolder
from tests.integration.mail_class import ROLE, UNSETTLED
from tests.integration.mail_servers import DOMAIN, SELECTOR, MailServers, acceptance, wait_for
from tests.integration.mailbox_inbox import MailboxInbox
from tests.integration.test_delivery import OUTAGE_SECONDS, VACATION, verdicts
from tests.workflows.conftest import EXAMPLES, StepCounter

Person = TypeVar("Person", bound=Application)

MENTORS, MENTEES = 4, 2
STOPPED_AFTER = 60
AWAY = "p01"
TRIED_AGAIN_WITHIN_SECONDS = 120
SENT = "select count(*) from outbox where state = 'sent'"


def small_class() -> CohortFolder:
    """Two participants of MILE 2017 and some of its mentors, each with a mailbox of the tests."""
    folder = read_folder(EXAMPLES / "mile-2017")
    contact = folder.settings.contact.model_copy(update={"email": f"{ROLE}@{DOMAIN}"})
    return folder.model_copy(
        update={
            "settings": folder.settings.model_copy(update={"contact": contact}),
            "mentors": _with_mailboxes("m", folder.mentors[:MENTORS]),
            "mentees": _with_mailboxes("p", folder.mentees[:MENTEES]),
        }
    )


def _with_mailboxes(side: str, people: Sequence[Person]) -> tuple[Person, ...]:
    return tuple(
        each.model_copy(update={"email": f"{side}{number:02}@{DOMAIN}"}) for number, each in enumerate(people, 1)
    )


async def stop_in_the_middle(pool: asyncpg.Pool, servers: MailServers) -> int:
    """Stop Postfix once some emails have left, and start it again; return how many had left by then."""
    while (sent := await pool.fetchval(SENT)) < STOPPED_AFTER:  # noqa: ASYNC110 - PostgreSQL does not tell
        await asyncio.sleep(0.05)
    await asyncio.to_thread(servers.stop_postfix)
    await asyncio.sleep(OUTAGE_SECONDS)
    await asyncio.to_thread(servers.start_postfix)
    return int(sent)


async def play(stack: LocalStack, servers: MailServers) -> tuple[list[asyncpg.Record], int]:
    """Play the class; return all of the outbox, and how many emails had left when Postfix stopped."""
    async with open_environment(stack.settings, stack.client, MailboxInbox(servers)) as environment:
        outage = asyncio.create_task(stop_in_the_middle(environment.pool, servers))
        await CohortSimulation(environment, small_class(), seed=7, observer=StepCounter()).run()
        # What the relay may have taken as it stopped is tried again after a minute; a rehearsal does not wait for it.
        async with asyncio.timeout(TRIED_AGAIN_WITHIN_SECONDS):
            while await environment.pool.fetchval(UNSETTLED):  # noqa: ASYNC110 - PostgreSQL does not tell
                await asyncio.sleep(0.1)
        return await environment.pool.fetch("select message_id, state, attempts from outbox"), await outage


async def played(servers: MailServers) -> tuple[list[asyncpg.Record], int]:
    """Play the class on a stack of its own, whose worker's relay is Postfix."""
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        async with LocalStack(StackOptions(folder=Path(made), ports=None, parts=frozenset(), rehearsal=True)) as stack:
            relay = {"smtp_port": servers.smtp_port, "sender": f"mile@{DOMAIN}", "bounces_address": f"bounces@{DOMAIN}"}
            stack.settings = stack.settings.model_copy(update=relay)
            await stack.start_worker()
            try:
                return await play(stack, servers)
            finally:
                await stack.kill_worker()


async def test_rehearsal_through_real_servers_loses_no_email_though_the_relay_stops(
    servers: MailServers, tmp_path: Path
) -> None:
    servers.write_sieve(AWAY, VACATION)
    try:
        began = time.monotonic()
        outbox, sent_before = await played(servers)
        seconds = time.monotonic() - began
        wait_for(lambda: not servers.count_queued(), "an empty queue")
    finally:
        servers.remove_sieve(AWAY)
    mailboxes = servers.everything()
    raw = [message for messages in mailboxes.values() for message in messages]
    arrived = Counter(message_id for message_id, _ in {acceptance(each) for each in raw})
    doubled = arrived - Counter(row["message_id"] for row in outbox)
    print(f"\n{len(outbox)} emails in {seconds:.0f} s, {sent_before} before {OUTAGE_SECONDS:.0f} s without a relay")
    print(f"{doubled.total()} doubled")
    assert {row["state"] for row in outbox} == {"sent"}
    assert sent_before < len(outbox)
    assert set(arrived) == {row["message_id"] for row in outbox}
    # SMTP cannot tell whether a relay took a message that it never answered; its Message-ID is the same.
    assert set(doubled) <= {row["message_id"] for row in outbox if row["attempts"] > 1}
    assert doubled.total() <= CONNECTIONS
    assert_each_is_in_its_own_mailbox(mailboxes)
    # Neither a bounce nor the answer of somebody who is away came back.
    assert "bounces" not in mailboxes
    assert set(verdicts(raw, servers.dns(), tmp_path)) == {f"1,pass,{DOMAIN},{SELECTOR},{DOMAIN}"}


def assert_each_is_in_its_own_mailbox(mailboxes: dict[str, list[bytes]]) -> None:
    for user, messages in mailboxes.items():
        addresses = {message_from_bytes(each, policy=default)["To"].addresses[0].addr_spec for each in messages}
        assert addresses == {f"{user}@{DOMAIN}"}
