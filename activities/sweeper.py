"""Telling workflows of responses and letters: at once when one comes, and later where that failed."""

from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.applicant_emails import ApplicantEmailsTrigger
from schemas.errors import SignalRefused, TemporalUnavailable
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.responses import SavedResponse
from schemas.signals import Envelope
from storage import post, responses

LEFT_TO_THE_PAGE = timedelta(seconds=30)
# A workflow that has had as many signals as the engine allows, for one.
_REFUSALS = {RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.FAILED_PRECONDITION}

_log = structlog.get_logger(__name__)


class ResponseSignaler:
    """Signals responses to their mentorships; the words stay in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def tell(self, saved: SavedResponse) -> None:
        """Signal one response and remember that it was told.

        Raises EngineAway where Temporal does not answer, SignalRefused where it does not take this one in. A mentorship
        that is over has no use for it: the response is kept, and counts as told.
        """
        handle = self._client.get_workflow_handle(mentorship_workflow_id(saved.mentorship_id))
        envelope = Envelope(body=saved.answer.model_dump(mode="json"))
        try:
            await handle.signal("response_received", envelope, rpc_timeout=timedelta(seconds=5))
        except RPCError as error:
            if error.status in _REFUSALS:
                raise SignalRefused("Temporal refused a signal.") from error
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise TemporalUnavailable("Temporal did not take in a signal.") from error
        except RuntimeError as error:
            # What a client raises whose first connection fails.
            raise TemporalUnavailable("Temporal cannot be reached.") from error
        await responses.set_signalled(self._pool, saved, datetime.now(UTC))


class Sweeper:
    """Tells what the pages could not tell."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client
        self._messenger = ResponseSignaler(pool, client)

    @activity.defn
    async def signal_pending_responses(self) -> int:
        """Signal every stored response that was not signaled; workflows know repetitions, so twice does no harm.

        One that is refused is left for the next time and holds up no other. Cohorts in which letters wait are nudged
        too.
        """
        await self._nudge_letters()
        told = 0
        while taken := sum([await self._tell(saved) for saved in await self._waiting()]):
            told += taken
        return told

    async def _nudge_letters(self) -> None:
        nudge = ApplicantEmailsTrigger(self._client, activity.info().task_queue)
        for cohort in await post.cohorts_waiting(self._pool, datetime.now(UTC)):
            activity.heartbeat()
            await nudge.send_soon(cohort)

    async def _waiting(self) -> list[SavedResponse]:
        return await responses.not_signalled(self._pool, datetime.now(UTC) - LEFT_TO_THE_PAGE)

    async def _tell(self, saved: SavedResponse) -> bool:
        activity.heartbeat()
        try:
            await self._messenger.tell(saved)
        except SignalRefused:
            _log.warning("signal_refused", response=saved.id, revision=saved.answer.revision)
            return False
        return True
