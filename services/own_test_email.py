"""An email that staff send to themselves, to see how it reads."""

from datetime import UTC, datetime

from domain.cohort.roles import is_held_on
from schemas.actor import Actor
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.errors import Refusal
from schemas.ids import email_key
from services.context import ServiceContext
from storage import cohorts, roles


async def own_test_email(
    context: ServiceContext, actor: Actor, cohort: str, kind: EmailKind, number: int, *more: int
) -> QueuedEmail:
    """Return an email to the actor alone; no two have the same key.

    ``number`` is that of the message or the wording, ``more`` what else its writer reads from the key. Raises Refusal
    where they hold no role today.
    """
    holder, now = await _own_role(context, actor, cohort), context.now(cohort)
    parts = (number, holder, *more, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}")
    return QueuedEmail(
        key=email_key(cohort, kind, "-".join(map(str, parts)), Recipient.STAFF),
        kind=kind,
        scope_id=cohort,
        to=Recipient.STAFF,
        at=now,
        now=now,
        automatic=False,
    )


async def _own_role(context: ServiceContext, actor: Actor, cohort: str) -> int:
    settings = await cohorts.cohort_settings(context.pool, cohort)
    today = context.today(settings)
    for holder in await roles.role_holders(context.pool, cohort):
        if holder.email.casefold() == actor.name.casefold() and is_held_on(holder, today):
            return holder.id
    raise Refusal("You hold no role in this class today, so we know no address to send a test to.")
