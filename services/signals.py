"""What tells a workflow that something was stored: a response, an answer to a proposal, an address that refuses."""

from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from schemas.errors import SignalRefused, TemporalUnavailable
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.responses import SavedResponse
from schemas.signals import Envelope, answers_envelope
from services.failures import Failures
from storage import proposal_answers, responses
from storage.database import Db

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


async def signal_pending_proposal_answers(db: Db, client: Client, stored_for: timedelta) -> None:
    """Signal to each cohort the answers that its workflow may not know of and that were stored so long ago.

    What Temporal does not accept is left for the next time. Raises an ExceptionGroup of what else failed, after all
    the others.
    """
    failures = Failures("proposal_answers_not_signaled")
    for cohort_id in await proposal_answers.unsignaled_cohorts(db, stored_for):
        with failures.collected(cohort=cohort_id):
            try:
                await signal_proposal_answered(db, client, cohort_id)
            except TemporalUnavailable:
                _log.warning("proposal_answers_not_accepted", cohort=cohort_id)
    failures.raise_all()


async def signal_proposal_answered(db: Db, client: Client, cohort_id: str) -> None:
    """Signal to a cohort's workflow that proposals were answered, and record that; who and how it reads by itself.

    Raises TemporalUnavailable where Temporal does not accept it.
    """
    last = await proposal_answers.last_unsignaled(db, cohort_id)
    handle = client.get_workflow_handle(cohort_workflow_id(cohort_id))
    try:
        await handle.signal("proposal_answered", Envelope(), rpc_timeout=SIGNAL_TIMEOUT)
    except (RPCError, RuntimeError) as error:
        raise TemporalUnavailable("Temporal did not accept that a proposal was answered.") from error
    # An answer that was stored meanwhile is signaled by whoever stored it.
    if last is not None:
        await proposal_answers.set_signaled(db, cohort_id, last)
