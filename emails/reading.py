"""Reading the facts of an email from PostgreSQL: only what its kind tells of, because there are thousands of them."""

from typing import Any

import asyncpg

from emails.facts import Facts, written_on
from schemas.emails.messages import SendEmail
from schemas.enums import EmailKind, Recipient
from storage import mentorships, opportunities, responses, roles

TELL_OF_OPENINGS = {EmailKind.CHECK_IN, EmailKind.INVOLVEMENT}
TELL_OF_WHAT_COMES = {EmailKind.TERMS_CHANGED, EmailKind.FAREWELL}


async def facts_of(pool: asyncpg.Pool, order: SendEmail) -> Facts:
    """Return what is known of the mentorship an email is about, or raise UnknownMentorship."""
    pair = await mentorships.partners(pool, order.scope_id)
    cohort = await roles.settings_at(pool, pair.cohort, order.now)
    facts = Facts(
        pair=pair.model_copy(update={"cohort": cohort}),
        due=await mentorships.due_milestones(pool, order.scope_id),
    )
    return facts.model_copy(update=await _more(pool, order, facts))


async def _more(pool: asyncpg.Pool, order: SendEmail, facts: Facts) -> dict[str, Any]:
    mentorship, day, more = order.scope_id, written_on(order, facts), dict[str, Any]()
    if order.kind is EmailKind.CHECK_IN and order.to is Recipient.MENTOR:
        _, more["stuck"] = await responses.stuck_goals(pool, mentorship)
    if order.kind in TELL_OF_OPENINGS:
        more["openings"] = await opportunities.open_opportunities(pool, facts.pair.cohort.id, day)
    if order.kind in TELL_OF_WHAT_COMES:
        more["coming"] = await mentorships.milestones_after(pool, mentorship, day)
    if order.kind is EmailKind.FAREWELL:
        more["outcome"] = await mentorships.outcome_of(pool, mentorship)
    if order.kind is EmailKind.GRATITUDE:
        more["thanks"] = await responses.thanks_words(pool, mentorship, order.asks[0].milestone) or ""
    return more
