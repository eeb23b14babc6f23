"""Whose address refuses emails, and how often staff hear of it."""

from datetime import UTC, datetime

import asyncpg

from domain.applications.emails import applicant_email_request
from schemas.enums import EmailKind, EmailState, Side
from services.context import ServiceContext
from services.undeliverable_emails import UndeliverableReporter
from storage import outbox, personal_links

NOW = datetime.now(UTC)


async def refuse(context: ServiceContext, cohort: str, about: str) -> int:
    """Let an address refuse an email to M01; return how many notes to staff there are then."""
    email = applicant_email_request(cohort, "M01", Side.MENTOR, EmailKind.KICKOFF, about, at=NOW, now=NOW)
    await outbox.enqueue(context.pool, email)
    await context.pool.execute("update outbox set state = $2 where key = $1", email.key, EmailState.UNDELIVERABLE)
    await UndeliverableReporter(context.pool, context.client).report_all()
    assert not await outbox.unsignaled_undeliverable(context.pool)
    notes: int = await context.pool.fetchval("select count(*) from outbox where reason = 'undeliverable'")
    return notes


async def test_staff_hear_once_of_each_address_of_an_applicant_that_refuses(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    await personal_links.ensure(pool, cohort, "M01", b"of the first address")
    assert await refuse(context, cohort, "invited") == 1
    assert await refuse(context, cohort, "reminded") == 1
    # An import brought another address, which is wrong, too.
    await personal_links.revoke(pool, cohort, "M01", NOW)
    await personal_links.ensure(pool, cohort, "M01", b"of the second address")
    assert await refuse(context, cohort, "invited again") == 2
    assert await refuse(context, cohort, "reminded again") == 2
