"""Starting mentorships: all of a cohort's, and the one of a mentor who takes over."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
from temporalio import activity
from temporalio.client import Client

from domain.calendar import months_after
from domain.mentorship.terms import initial_terms
from schemas.cohort.messages import CohortCall
from schemas.cohort.settings import CohortSettings
from schemas.kickoff.start import PendingStart, StartResult
from schemas.mentorship.messages import StartSuccessor
from schemas.mentorship.state import MentorshipState
from services.mentorship_starts import start_mentorship
from services.replacement_candidates import find_candidate
from storage import cohorts, kickoff, mentorships, starts

# Few enough that the engine and PostgreSQL keep up with those that are under way already.
STARTS_AT_ONCE = 20


class StartActivities:
    """Starts mentorships from what PostgreSQL says, each once.

    ``versioned`` says that the worker belongs to a deployment: its mentorships begin on the current build.
    """

    def __init__(self, pool: asyncpg.Pool, client: Client, *, versioned: bool) -> None:
        self._pool = pool
        self._client = client
        # Temporal (1.32) gives the task of an eager start to its starter, also where another build is current.
        self._eager = not versioned

    @activity.defn
    async def start_mentorships(self, call: CohortCall) -> StartResult:
        """Start a workflow for every published pair that may start; return how many mentorships there are.

        PostgreSQL has each start, so a run after a crash continues where the one before stopped, and a later run starts
        only the pairs that may start since. Ids are derived from the pairs, and a workflow that runs or has run is left
        alone.
        """
        settings = await cohorts.cohort_settings(self._pool, call.cohort_id)
        await self._keep_pairs(settings, call.now)
        progress = await starts.start_progress(self._pool, call.cohort_id)
        done = progress.started
        for batch in _batches(await starts.pending_starts(self._pool, call.cohort_id)):
            activity.heartbeat(done, progress.planned)
            await self._start(settings, batch, call)
            done += len(batch)
        return StartResult(count=done, held_back=progress.held_back)

    @activity.defn
    async def start_successor(self, call: StartSuccessor) -> str:
        """Start the mentorship of a mentor who takes over, and return its id; a second run finds it started.

        Refused where the matching's rules speak against this mentor, or no place is free with them.
        """
        left = call.terms.mentorship_id
        # Once stored, the successor itself fills the mentor's place, so a second run does not ask again.
        stored = await mentorships.successor(self._pool, left) is not None
        pair = await mentorships.partners(self._pool, left)
        score = 0 if stored else (await find_candidate(self._pool, pair, call.mentor)).score
        id_ = await mentorships.save_successor(
            self._pool,
            left,
            call.mentor,
            score=score,
            starts_on=call.terms.first_day,
            now=call.now,
        )
        terms = call.terms.model_copy(update={"mentorship_id": id_})
        await self._begin(MentorshipState(terms=terms, clock_offset=_offset(call)))
        await starts.set_started(self._pool, [id_], call.now)
        return id_

    async def _keep_pairs(self, settings: CohortSettings, now: datetime) -> None:
        """Keep the pairs that may start; whoever is in a mentorship already is in no other."""
        published = await cohorts.published_matches(self._pool, settings.id)
        may_start = await kickoff.startable(self._pool, settings.id)
        taken = {mentee for _, mentee in await mentorships.mentorship_ids(self._pool, settings.id)}
        pairs = tuple(
            pair for pair in published.pairs if (pair.mentor, pair.mentee) in may_start and pair.mentee not in taken
        )
        await mentorships.save_pairs(
            self._pool,
            settings.id,
            published.model_copy(update={"pairs": pairs}),
            starts_on=settings.kickoff_day,
            ends_on=months_after(settings.kickoff_day, settings.timeline.months),
            now=now,
        )

    async def _start(self, settings: CohortSettings, batch: Sequence[PendingStart], call: CohortCall) -> None:
        states = (
            MentorshipState(terms=initial_terms(settings, one.id, goals=one.goals), clock_offset=_offset(call))
            for one in batch
        )
        await asyncio.gather(*map(self._begin, states))
        await starts.set_started(self._pool, [one.id for one in batch], call.now)

    async def _begin(self, state: MentorshipState) -> None:
        if not await start_mentorship(self._client, state, activity.info().task_queue, eager=self._eager):
            activity.logger.info("mentorship_had_started", extra={"mentorship": state.terms.mentorship_id})


def _batches(waiting: Sequence[PendingStart]) -> Iterator[Sequence[PendingStart]]:
    for first in range(0, len(waiting), STARTS_AT_ONCE):
        yield waiting[first : first + STARTS_AT_ONCE]


def _offset(call: CohortCall | StartSuccessor) -> timedelta:
    """Return what the program's time is ahead of the engine's: zero outside rehearsals."""
    return call.now - datetime.now(UTC) if call.clock_offset else timedelta(0)
