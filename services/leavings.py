"""Leaving a mentorship: a participant asks for it, may take it back for a week, and then it ends."""

import asyncio
from datetime import datetime, timedelta

import structlog

from domain.languages import gettext
from schemas.actor import Actor
from schemas.enums import EndingReason, Outcome, Side
from schemas.errors import MileError, Refusal
from schemas.mentorship.changes import EndRequest
from schemas.mentorship.my_mentorship import CallRequest, Leaving, MyMentorship
from schemas.mentorship.responses import SavedResponse
from services.context import ServiceContext
from services.failures import Failures
from services.mentorships.changes import make_change
from services.mentorships.lookup import find_mentorship
from storage import call_requests, leavings, mentorships
from storage.database import transaction

TAKEN_BACK_WITHIN = timedelta(days=7)
# A workflow that takes on its end and does not get through with it must not hold up everybody else's.
ENDS_WITHIN = timedelta(minutes=1)
_OUTCOMES = {Side.MENTOR: Outcome.MENTOR_WITHDREW, Side.MENTEE: Outcome.MENTEE_WITHDREW}

_log = structlog.get_logger(__name__)


def leaves_at(now: datetime) -> datetime:
    """Return when a mentorship ends that somebody asks to leave now (aware)."""
    return now + TAKEN_BACK_WITHIN


async def ask_to_leave(
    services: ServiceContext, actor: Actor, page: MyMentorship, reason: EndingReason
) -> SavedResponse | None:
    """Store that somebody wants to leave, and ask staff to call them; the partner learns of it when it ends.

    Returns the request to signal, or None where they said so already. Raises Refusal once the mentorship has ended.
    """
    if page.outcome is not None:
        raise Refusal(gettext("Your mentorship has ended already."))
    mentorship_id, now = page.pair.mentorship_id, services.now(page.pair.mentorship_id)
    leaving = Leaving(mentorship_id=mentorship_id, side=page.side, asked_at=now, reason=reason, ends_at=leaves_at(now))
    async with transaction(services.pool) as db:
        if not await leavings.save_leaving(db, leaving):
            return None
        request = CallRequest(side=page.side, about="leaving", received_at=now)
        saved = await call_requests.save_call_request(db, mentorship_id, request)
        await services.audit_in(db, actor, "leaving_asked", page.cohort.id, mentorship_id, actor.name)
    return saved


async def stay(services: ServiceContext, actor: Actor, page: MyMentorship) -> bool:
    """Take it back; return False where nobody is leaving. Raises Refusal once the mentorship has ended."""
    if page.outcome is not None:
        raise Refusal(gettext("Your mentorship has ended. Please write to us if you want to go on."))
    mentorship_id = page.pair.mentorship_id
    async with transaction(services.pool) as db:
        undone = await leavings.undo_leaving(db, mentorship_id, page.side, services.now(mentorship_id))
        if undone:
            await services.audit_in(db, actor, "leaving_undone", page.cohort.id, mentorship_id, actor.name)
    return undone


async def end_due(services: ServiceContext) -> int:
    """End each mentorship whose participant asked to leave a week ago; return how many were ended.

    What ended otherwise meanwhile is done. What cannot be ended now, as without a worker, is tried again. Raises an
    ExceptionGroup of what failed in a way that nobody expected, when the others had their turn.
    """
    due = [each for each in await leavings.open_leavings(services.pool) if each.ends_at <= _now(services, each)]
    ended, failures = 0, Failures("leaving_failed")
    for leaving in due:
        with failures.collected(mentorship=leaving.mentorship_id):
            ended += await _end(services, leaving)
    failures.raise_all()
    return ended


async def _end(services: ServiceContext, leaving: Leaving) -> bool:
    pair = await find_mentorship(services, leaving.mentorship_id)
    actor, ended = Actor.participant(pair.of(leaving.side).id), True
    request = EndRequest(outcome=_OUTCOMES[leaving.side], reason=leaving.reason)
    try:
        async with asyncio.timeout(ENDS_WITHIN.total_seconds()):
            await make_change(services, actor, pair, request)
    except (MileError, TimeoutError):
        # A refusal is no sign of an end: it also comes where Temporal has lost the workflow, or staff change it now.
        if await mentorships.outcome_of(services.pool, leaving.mentorship_id) is None:
            _log.warning("leaving_not_ended", mentorship=leaving.mentorship_id)
            return False
        ended = False
    await leavings.set_done(services.pool, leaving, _now(services, leaving))
    return ended


def _now(services: ServiceContext, leaving: Leaving) -> datetime:
    return services.now(leaving.mentorship_id)
