"""The emails of a class as staff look back at them: lists by state, and one as it reads."""

import secrets

import asyncpg
import structlog
from pydantic import SecretStr

from emails.rendering import Rendered
from emails.staff_view import render_for_staff
from emails.writer import EmailWriter
from schemas.base import FrozenModel
from schemas.emails.incoming import SoftBounced
from schemas.emails.messages import ClaimedEmail, OutboxEmail, SenderStatus, StuckEmail
from schemas.enums import EmailKind, EmailState
from schemas.errors import MileError, Refusal
from services.context import ServiceContext
from storage import bounces, outbox
from storage.database import rolled_back

MOST_EMAILS = 200
# It signs somebody in, so that nobody but them may see it.
_NEVER_SHOWN = frozenset({EmailKind.SIGN_IN})

_log = structlog.get_logger(__name__)


class OutboxPage(FrozenModel):
    """The newest emails of a class that match; ``counts`` are of all of its emails, by kind and state."""

    emails: tuple[OutboxEmail, ...]
    cut_off: bool
    counts: dict[EmailKind, dict[EmailState, int]]
    sender: SenderStatus | None
    stuck: tuple[StuckEmail, ...]
    bounced: tuple[SoftBounced, ...]

    def in_state(self, state: EmailState) -> int:
        """Return how many emails are in a state."""
        return sum(states.get(state, 0) for states in self.counts.values())


class SentEmail(FrozenModel):
    """One email: what it was, how its sending stands, and how it reads if it is written now.

    ``rendered`` is None where it cannot be written any more.
    """

    email: OutboxEmail
    sending: StuckEmail
    rendered: Rendered | None


async def outbox_page(
    context: ServiceContext,
    cohort: str,
    *,
    state: EmailState | None = None,
    kind: EmailKind | None = None,
    mentorship: str | None = None,
) -> OutboxPage:
    """Return the emails of a class, or of one of its mentorships, by five statements however many they are."""
    emails = await outbox.page(
        context.pool, cohort, state=state, kind=kind, scope_id=mentorship, at_most=MOST_EMAILS + 1
    )
    return OutboxPage(
        emails=emails[:MOST_EMAILS],
        cut_off=len(emails) > MOST_EMAILS,
        counts=await outbox.counts(context.pool, cohort),
        sender=await outbox.sender_status(context.pool),
        stuck=await outbox.stuck_emails(context.pool, cohort),
        bounced=await bounces.soft_bounced(context.pool, cohort),
    )


def unknown_email() -> Refusal:
    """Return the refusal for an email that a class does not have."""
    return Refusal("This class has no such email.")


async def sent_email(context: ServiceContext, cohort: str, key: str, *, reads: bool = True) -> SentEmail:
    """Return one email of a class; raises Refusal where the class has none of this key.

    No email is kept as bytes, so it is written anew from what is stored now, unless nobody ``reads`` it.
    """
    found = await outbox.sent_email(context.pool, key)
    if found is None or found[2].cohort_id != cohort:
        raise unknown_email()
    email, sending, claimed = found
    shown = reads and claimed.kind not in _NEVER_SHOWN
    rendered = await _written_anew(context, claimed) if shown else None
    return SentEmail(email=email, sending=sending, rendered=rendered)


async def _written_anew(context: ServiceContext, claimed: ClaimedEmail) -> Rendered | None:
    """Write an email as its sender did, leave nothing behind, and give its links away to nobody."""
    # Its links are derived with a key that nobody has, and their hashes are taken back with the transaction.
    settings = context.settings.model_copy(update={"link_secret": SecretStr(secrets.token_urlsafe(32))})
    try:
        async with rolled_back(context.pool) as db:
            outgoing = await EmailWriter(db, settings, render_for_staff).write(claimed)
    except (MileError, asyncpg.PostgresError, LookupError, ValueError) as error:
        # What it was about has changed since, or is gone.
        _log.info("email_not_rendered", key=claimed.key, error=type(error).__name__)
        return None
    return outgoing.rendered if outgoing else None
