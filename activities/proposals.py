"""What a cohort's workflow does about proposals: it makes them, counts the answers, and prepares the next match run."""

import asyncpg
from temporalio import activity

from domain.matching import proposals as rules
from schemas.cohort.campaigns import ProposalAnswersSummary
from schemas.cohort.messages import CohortCall
from schemas.matching.messages import MatchRequest
from storage import cohorts, kickoff, proposals


class ProposalActivities:
    """Makes proposals of what is published, and tells the workflow how many were answered."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def propose_matches(self, call: CohortCall) -> int:
        """Propose the published pairs and withdraw all others; return how many were proposed at ``call.now``.

        A second run changes nothing and counts the same.
        """
        return await proposals.propose(self._pool, call.cohort_id, call.now)

    @activity.defn
    async def collect_answers(self, call: CohortCall) -> ProposalAnswersSummary:
        """Count the declines and questions that staff have not heard of before ``call.now``, and mark them as reported.

        A second run for the same moment counts the same, so none is lost with a worker that dies.
        """
        return await proposals.report_answers(self._pool, call.cohort_id, call.now)

    @activity.defn
    async def build_match_request(self, call: CohortCall) -> MatchRequest:
        """Return the request for a match run that keeps what both sides committed to. Only reads."""
        made = await proposals.proposals(self._pool, call.cohort_id)
        published = await proposals.published_request(self._pool, call.cohort_id)
        mentors = await cohorts.mentors(self._pool, call.cohort_id)
        mentees = await cohorts.mentees(self._pool, call.cohort_id)
        return rules.next_match_request(made, published, there={person.id for person in (*mentors, *mentees)})

    @activity.defn
    async def erase_needs(self, call: CohortCall) -> int:
        """Erase meals and access needs; return of how many people. A second run finds none."""
        return await kickoff.erase_needs(self._pool, call.cohort_id)
