"""What tells a workflow that something was stored: a response, an answer to a proposal, an address that refuses."""

from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from pydantic import JsonValue
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from schemas.enums import Commitment
from schemas.errors import SignalRefused, TemporalUnavailable
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.responses import SavedResponse
from schemas.signals import Envelope, answers_envelope
from storage import responses

# A page waits for a signal, so it gives up soon: what was stored is signaled later by the sweeper.
SIGNAL_TIMEOUT = timedelta(seconds=5)
# A workflow that has had as many signals as Temporal allows, for one.
_REFUSALS = {RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.FAILED_PRECONDITION}

_log = structlog.get_logger(__name__)


class ResponseSignaler:
    """Signals responses to their mentorships; the words stay in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def signal(self, *saved: SavedResponse) -> None:
        """Tell a mentorship of responses with one signal, and record that they were signaled.

        A mentorship that has ended needs no signal: the response is kept, and counts as signaled. Raises
        TemporalUnavailable where Temporal does not answer, SignalRefused where it does not accept this signal.
        """
        envelope = answers_envelope(each.answer for each in saved)
        await signal_mentorship(self._client, saved[0].mentorship_id, "response_received", envelope)
        for each in saved:
            await responses.set_signaled(self._pool, each, datetime.now(UTC))


async def signal_mentorship(client: Client, mentorship_id: str, name: str, envelope: Envelope) -> None:
    """Signal a mentorship; one that has ended needs no signal.

    Raises TemporalUnavailable where Temporal does not answer, SignalRefused where it does not accept this signal.
    """
    handle = client.get_workflow_handle(mentorship_workflow_id(mentorship_id))
    try:
        await handle.signal(name, envelope, rpc_timeout=SIGNAL_TIMEOUT)
    except RPCError as error:
        if error.status in _REFUSALS:
            raise SignalRefused("Temporal refused a signal.") from error
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise TemporalUnavailable("Temporal did not accept a signal.") from error
    except RuntimeError as error:
        # What a client raises whose first connection fails.
        raise TemporalUnavailable("Temporal cannot be reached.") from error


async def signal_proposal_answered(client: Client, cohort_id: str, commitment: Commitment) -> None:
    """Signal to a cohort's workflow that somebody answered a proposal, not who; it also finds out by itself.

    Raises TemporalUnavailable where Temporal does not accept it.
    """
    body: dict[str, JsonValue] = {"commitment": commitment.value}
    handle = client.get_workflow_handle(cohort_workflow_id(cohort_id))
    try:
        await handle.signal("proposal_answered", Envelope(body=body), rpc_timeout=SIGNAL_TIMEOUT)
    except (RPCError, RuntimeError) as error:
        raise TemporalUnavailable("Temporal did not accept that a proposal was answered.") from error
