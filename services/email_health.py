"""Whether emails leave: the checks of doctor that look into the outbox."""

import asyncio
from datetime import UTC, datetime

import asyncpg

from emails.imap import MAILBOX_ERRORS, UNRECOGNIZED_FOLDER, ImapMailbox
from runtime.health_finding import HealthFinding
from runtime.settings import Settings
from storage import bounces, outbox
from storage.database import DATABASE_ERRORS


async def check_emails(settings: Settings) -> list[HealthFinding]:
    """Check that a sender is at work, that the relay accepts emails, that none is stuck, and that bounces are read."""
    try:
        connection = await asyncpg.connect(settings.database_url.get_secret_value(), timeout=5)
    except DATABASE_ERRORS:
        return [HealthFinding("Emails", False, "not checked: no database", "Start PostgreSQL.")]
    try:
        return [
            await _sender(connection),
            await _relay(connection),
            await _stuck(connection),
            await _bounces(settings),
            await _soft_bounces(connection),
        ]
    # Tables that no migration made yet.
    except DATABASE_ERRORS as error:
        return [HealthFinding("Emails", False, f"no answer ({type(error).__name__})", "Run: mile migrate")]
    finally:
        await connection.close()


async def _sender(connection: asyncpg.Connection) -> HealthFinding:
    status = await outbox.sender_status(connection)
    at_work = status is not None and status.is_at_work(datetime.now(UTC))
    found = f"last at work {status.seen_at:%Y-%m-%d %H:%M} UTC" if status else "none ever ran"
    return HealthFinding("Email sender", at_work, found, "Run: mile worker")


async def _relay(connection: asyncpg.Connection) -> HealthFinding:
    status = await outbox.sender_status(connection)
    if status is None or status.paused_since is None:
        return HealthFinding("Email relay", True, "accepts emails")
    found = f"accepts nothing since {status.paused_since:%Y-%m-%d %H:%M} UTC ({status.pause_cause})"
    return HealthFinding("Email relay", False, found, "Look at the relay's log. Emails leave once it accepts them.")


async def _stuck(connection: asyncpg.Connection) -> HealthFinding:
    stuck = len(await outbox.stuck_emails(connection))
    return HealthFinding("Stuck emails", not stuck, str(stuck) if stuck else "none", "Run: mile emails stuck")


async def _bounces(settings: Settings) -> HealthFinding:
    if not settings.reads_bounces:
        found = "no mailbox is read, so nobody learns of emails that another server gives up later"
        return HealthFinding("Bounces", True, found, "Set MILE_BOUNCES_ADDRESS and MILE_BOUNCES_IMAP_…", warning=True)
    try:
        unrecognized = await asyncio.to_thread(_count_unrecognized, settings)
    except MAILBOX_ERRORS as error:
        found = f"the mailbox cannot be read ({type(error).__name__})"
        return HealthFinding("Bounces", False, found, "Correct MILE_BOUNCES_IMAP_…, or start the IMAP server.")
    found = f"the mailbox is read; not understood: {unrecognized}"
    advice = f"Look at its folder {UNRECOGNIZED_FOLDER}, and delete what you have dealt with."
    return HealthFinding("Bounces", True, found, advice, warning=unrecognized > 0)


def _count_unrecognized(settings: Settings) -> int:
    mailbox = ImapMailbox.open(settings)
    try:
        return mailbox.count(UNRECOGNIZED_FOLDER)
    finally:
        mailbox.close()


async def _soft_bounces(connection: asyncpg.Connection) -> HealthFinding:
    people = len(await bounces.soft_bounced(connection))
    found = f"{people} with an address that failed within a week" if people else "none"
    return HealthFinding("Soft bounces", True, found, "Run: mile emails bounces", warning=people > 0)
