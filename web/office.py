"""The desk as it really is: PostgreSQL for the words, Temporal for what they set in motion."""

from datetime import datetime, timedelta

import asyncpg
import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from activities.sweeper import ResponseSignaler
from domain.forms import answer_for_workflow
from runtime.clock import Clock
from schemas.enums import MilestoneKind
from schemas.errors import TemporalUnavailable
from schemas.mentorship.responses import NewResponse, ResponsePage, SavedResponse
from storage import agreements, outbox, responses, roles

HEALTH_WITHIN = timedelta(seconds=2)

_log = structlog.get_logger()


class Office:
    """Stores responses first and signals them then; what cannot be signaled now, the sweeper signals later."""

    def __init__(self, pool: asyncpg.Pool, client: Client, clock: Clock) -> None:
        self._pool = pool
        self._messenger = ResponseSignaler(pool, client)
        self._client = client
        self._clock = clock

    async def open(self, token_hash: bytes) -> ResponsePage | None:
        """Return what a link's page shows, with whoever answers questions now; changes nothing."""
        opened = await outbox.response_page(self._pool, token_hash)
        if opened is None:
            return None
        cohort = await roles.settings_at(self._pool, opened.cohort, self.now(opened.link.mentorship_id))
        return opened.model_copy(update={"cohort": cohort})

    async def save(self, response: NewResponse) -> SavedResponse:
        """Store a response, then tell its mentorship; the same answers twice are one response."""
        saved = await self._store(response)
        # What is sent again was told when it was new, or the sweeper will: many clicks must not be many signals.
        if saved.changed:
            await self._tell(saved)
        return saved

    def now(self, mentorship_id: str) -> datetime:
        """Return the program's time for a mentorship."""
        return self._clock.now(mentorship_id)

    async def healthy(self) -> dict[str, bool]:
        """Return whether PostgreSQL and Temporal answer."""
        return {"postgresql": await self._postgresql_answers(), "temporal": await self._temporal_answers()}

    async def _store(self, response: NewResponse) -> SavedResponse:
        if response.form is MilestoneKind.AGREEMENT:
            return await agreements.save_agreement(self._pool, response)
        answer = answer_for_workflow(
            response.form,
            response.answers,
            milestone=response.link.milestone,
            side=response.link.side,
            revision=1,
            received_at=response.received_at,
        )
        return await responses.save_response(self._pool, response, answer)

    async def _tell(self, saved: SavedResponse) -> None:
        try:
            await self._messenger.tell(saved)
        except TemporalUnavailable:
            _log.warning("response_waits_for_sweeper", response=saved.id, revision=saved.answer.revision)

    async def _postgresql_answers(self) -> bool:
        try:
            return bool(await self._pool.fetchval("select true", timeout=HEALTH_WITHIN.total_seconds()))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False

    async def _temporal_answers(self) -> bool:
        try:
            return await self._client.service_client.check_health(timeout=HEALTH_WITHIN)
        except (RPCError, RuntimeError):
            return False
