"""Signaling what could not be signaled before, because Temporal was away or refused it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.heartbeat import heartbeating
from runtime.redaction import place_of
from schemas.errors import SignalRefused
from schemas.mentorship.responses import SavedResponse
from services.context import ServiceContext
from services.leavings import end_due
from services.meetings import remind_of_proposals
from services.signals import ResponseSignaler, signal_pending_proposal_answers
from services.staff_steps import KEPT_FOR
from services.undeliverable_emails import UndeliverableReporter
from storage import address_changes, passkeys, responses, staff_sessions, staff_steps, staff_uploads

# The page itself signals what came in a moment ago.
LEFT_TO_THE_PAGE = timedelta(seconds=30)
# Former addresses are kept for as long as somebody may have to ask where their emails went.
KEEPS_ADDRESSES = timedelta(days=30)
# Likewise who was signed in. Whoever has a role again by then keeps their passkeys.
KEEPS_STAFF_ACCESS = timedelta(days=30)
# As often as the Schedule: longer and longer waits, as between other retries, would keep the responses waiting, too.
SWEEPS_AGAIN_AFTER = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


class Sweeper:
    """Signals what pages and senders could not signal."""

    def __init__(self, services: ServiceContext) -> None:
        self._services = services
        self._pool = services.pool
        self._signaler = ResponseSignaler(services.pool, services.client)
        self._undeliverable = UndeliverableReporter(services.pool, services.client)

    @activity.defn
    async def signal_pending_responses(self) -> int:
        """Signal every stored response that was not signaled; workflows know repetitions, so twice does no harm.

        One that is refused is left for the next time and holds up no other; so is an answer to a proposal, of which a
        cohort learns. Mentorships learn of undeliverable emails, too, and end where somebody asked to leave a week ago.
        Whoever has not answered proposed times is reminded once. Former addresses of people are deleted after a month,
        and so are sessions and passkeys of staff. Files that staff uploaded and did not import are deleted after a day,
        and so is what their steps came to.

        A part that fails keeps none of the others from their turn. The activity fails after all of them, and is retried
        in a minute.
        """
        signaled, failed = 0, list[str]()
        async with heartbeating():
            # First, because some of the others wait for mentorships that may not answer.
            with _part("responses", failed):
                signaled = await self._signal_pending()
            with _part("answers to proposals", failed):
                await signal_pending_proposal_answers(self._pool, self._services.client, LEFT_TO_THE_PAGE)
            with _part("undeliverable emails", failed):
                await self._undeliverable.report_all()
            with _part("leavings", failed):
                await end_due(self._services)
            with _part("proposed times", failed):
                await remind_of_proposals(self._services)
            with _part("former addresses", failed):
                await address_changes.forget(self._pool, datetime.now(UTC) - KEEPS_ADDRESSES)
            with _part("access of staff", failed):
                await staff_sessions.forget_sessions(self._pool, datetime.now(UTC) - KEEPS_STAFF_ACCESS)
                await passkeys.forget_passkeys(self._pool, datetime.now(UTC) - KEEPS_STAFF_ACCESS)
            with _part("files and steps of staff", failed):
                await staff_uploads.forget(self._pool, datetime.now(UTC) - KEPT_FOR)
                await staff_steps.forget(self._pool, datetime.now(UTC) - KEPT_FOR)
        if failed:
            raise ApplicationError(f"Failed: {'; '.join(failed)}.", next_retry_delay=SWEEPS_AGAIN_AFTER)
        return signaled

    async def _signal_pending(self) -> int:
        signaled = 0
        while count := sum([await self._signal(saved) for saved in await self._pending()]):
            signaled += count
        return signaled

    async def _pending(self) -> list[SavedResponse]:
        return await responses.unsignaled(self._pool, LEFT_TO_THE_PAGE)

    async def _signal(self, saved: SavedResponse) -> bool:
        try:
            await self._signaler.signal(saved)
        except SignalRefused:
            _log.warning("signal_refused", response=saved.id, revision=saved.answer.revision)
            return False
        return True


@contextmanager
def _part(name: str, failed: list[str]) -> Iterator[None]:
    """Run a part of the sweep; note the kind and place of each of its errors beside its name, and no more (A34)."""
    try:
        yield
    # One error, or all those of a part that does several things.
    except* Exception as group:
        for error in group.exceptions:
            kind, place = type(error).__name__, place_of(error)
            _log.warning("sweep_part_failed", part=name, kind=kind, place=place)
            # A fault that many have is one line for whoever reads the failure.
            if (line := f"{name} ({kind} in {place})") not in failed:
                failed.append(line)
