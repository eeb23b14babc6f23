"""Participants' responses: what the page behind an email's link shows, and what is sent from it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
import structlog
from temporalio.client import Client

from domain.calendar import local_day
from domain.forms import TICKED, answer_for_workflow
from domain.links import milestone_links_end_on
from domain.mentorship.asked_together import with_questions
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from schemas.enums import MilestoneKind
from schemas.errors import TemporalUnavailable
from schemas.mentorship.responses import Link, NewResponse, ResponsePage, SavedResponse
from services.circuit_breaker import CircuitBreaker
from services.reachability import ServerChecks
from services.signals import ResponseSignaler
from storage import agreements, response_pages, responses
from storage.database import Db

# Longer than most people take for a step. Whoever leaves before the last one is not waited for.
LEFT_FOR_THE_NEXT_STEP = timedelta(minutes=5)

_log = structlog.get_logger(__name__)


class ResponseService:
    """Stores a response before it signals it; what cannot be signaled now, the sweeper signals later."""

    def __init__(self, pool: asyncpg.Pool, client: Client, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._signaler = ResponseSignaler(pool, client)
        self._server_checks = ServerChecks(pool, client)
        self._breaker = CircuitBreaker()

    def now(self, mentorship_id: str) -> datetime:
        """Return the program's time for a mentorship (aware)."""
        return self._clock.now(mentorship_id)

    async def open(self, token_hash: bytes) -> ResponsePage | None:
        """Return what a link's page shows, and whoever answers questions now; None where it is unknown or too old."""
        return await self._open(token_hash)

    async def open_step(self, token_hash: bytes, milestone: str) -> ResponsePage | None:
        """Return the page of something else that the same email asked; None where it did not ask that."""
        return await self._open(token_hash, milestone)

    async def _open(self, token_hash: bytes, milestone: str | None = None) -> ResponsePage | None:
        async with self._pool.acquire() as db:
            page = await response_pages.response_page(db, token_hash, self._clock, milestone)
        if page is None or (milestone is not None and milestone not in {step.milestone for step in page.steps}):
            return None
        last = page.last_milestone_on or page.ends_on
        if local_day(self.now(page.link.mentorship_id), page.cohort.time_zone) > milestone_links_end_on(last):
            return None
        return page.model_copy(update={"steps": with_questions(page.steps, page)})

    async def save(
        self, actor: Actor, cohort_id: str, response: NewResponse, *, in_steps: bool = False, goes_on: bool = False
    ) -> SavedResponse:
        """Store a response, then signal it to its mentorship; the same answers twice are one response.

        What is asked ``in_steps`` is signaled together: whoever ``goes_on`` to the next step has not finished. Raises
        Refusal where it cannot be changed any more, AgreementChangedMeanwhile where it is about a version of the
        agreement that is not the newest any more.
        """
        # Nobody who asks for a call waits for their own last step.
        goes_on = goes_on and response.answers.get("call_requested") != TICKED
        left_for = LEFT_FOR_THE_NEXT_STEP if goes_on else None
        saved = await _store(self._pool, response, _event(actor, cohort_id, response), left_for)
        if not goes_on:
            # A repetition was signaled when it was new, or the sweeper will do so: Temporal limits signals.
            news = [saved] if saved.changed else []
            await self._signal(await responses.unsignaled_of(self._pool, response.link) if in_steps else news)
        return saved

    async def save_agreement_draft(self, link: Link, version: int, answers: dict[str, str]) -> None:
        """Store what one side has so far on the way from a version of its agreement; nobody else learns of it."""
        await agreements.save_draft(self._pool, link, version, answers, self.now(link.mentorship_id))

    async def check_servers(self) -> dict[str, bool]:
        """Return whether PostgreSQL and Temporal answer."""
        return await self._server_checks()

    async def _signal(self, saved: Sequence[SavedResponse]) -> None:
        if not saved:
            return
        try:
            with self._breaker.guard():
                await self._signaler.signal(*saved)
        except TemporalUnavailable:
            for each in saved:
                _log.warning("response_left_to_the_sweeper", response=each.id, revision=each.answer.revision)


async def _store(db: Db, response: NewResponse, event: AuditEvent, left_for: timedelta | None) -> SavedResponse:
    if response.form is MilestoneKind.AGREEMENT:
        return await agreements.save_agreement(db, response, event)
    answer = answer_for_workflow(
        response.form,
        response.answers,
        milestone=response.link.milestone,
        side=response.link.side,
        revision=1,
        received_at=response.received_at,
    )
    return await responses.save_response(db, response, answer, event, left_for=left_for)


def _event(actor: Actor, cohort_id: str, response: NewResponse) -> AuditEvent:
    return AuditEvent(
        happened_at=response.received_at,
        actor=actor,
        action="response_received",
        cohort_id=cohort_id,
        mentorship_id=response.link.mentorship_id,
        person_id=actor.name,
        details={"milestone": response.link.milestone},
    )
