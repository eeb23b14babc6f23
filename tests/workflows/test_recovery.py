"""What a restored engine missed is taken in days later, and what is recorded late brings nothing forward."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.mentorship.terms import initial_terms
from schemas.actor import Actor, ActorKind
from schemas.audit import AuditCall, DriftKind
from schemas.audit_event import AuditEvent
from schemas.cohort.folder import CohortFolder
from schemas.enums import ChangeKind, EndingReason, MilestoneKind, Outcome, Side
from schemas.mentorship.changes import (
    EndRequest,
    ExtendRequest,
    PauseRequest,
    ReplaceRequest,
    StaffChange,
    StaffDecision,
)
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Answer, MentorshipState
from schemas.signals import answers_envelope
from services.drift_audit.auditor import DriftAuditor
from storage import audit, responses, staff_home
from tests.waiting import until
from tests.workflows.one_pair import OnePair
from tests.workflows.test_recording import pending_activities
from workflows.mentorship import MentorshipWorkflow

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]
AUDITED_ON = date(2019, 7, 18)
TWO_DAYS_BEFORE = datetime(2019, 7, 16, 16, tzinfo=UTC)
RECOVERED_WITHIN_SECONDS = 60


async def recovered(pair: OnePair) -> int:
    """Let the audit tell a mentorship to look for what it missed; return how much that was."""
    async with asyncio.timeout(RECOVERED_WITHIN_SECONDS):
        found: int = await pair.handle.execute_update("recover", result_type=int)
        return found


async def confirm(pair: OnePair, change: StaffChange, at: datetime = TWO_DAYS_BEFORE) -> None:
    """Keep a decision that staff saw confirmed, and that a restored engine knows nothing of."""
    event = AuditEvent(
        happened_at=at,
        actor=Actor(kind=ActorKind.STAFF, name="amina"),
        action="decided",
        cohort_id=pair.folder.settings.id,
        mentorship_id=pair.mentorship,
        decision=StaffDecision(at=at, change=change),
    )
    await audit.save_event(pair.environment.pool, event)


@pytest.mark.parametrize(
    ("cohort", "change", "outcome"),
    [
        (
            "ended-before-audit",
            EndRequest(decision="e" * 12, outcome=Outcome.MENTEE_WITHDREW, reason=EndingReason.TIME),
            Outcome.MENTEE_WITHDREW,
        ),
        ("replaced-before-audit", ReplaceRequest(decision="r" * 12, mentor="M02"), Outcome.MENTOR_WITHDREW),
    ],
)
async def test_ending_that_was_lost_is_made_again_days_after_its_day(
    one_pair: Begin, cohort: str, change: EndRequest | ReplaceRequest, outcome: Outcome
) -> None:
    pair = await one_pair(cohort)
    await pair.on(AUDITED_ON)
    await confirm(pair, change)
    assert await recovered(pair) == 1
    ended = await pair.progress_at()
    assert (ended.outcome, ended.ends_on) == (outcome, date(2019, 7, 16))
    farewells = [line.split()[:4] for line in await pair.email_lines() if "farewell" in line]
    assert [to for _, _, to, _ in farewells] == ["*mentee", "*mentor"]


async def test_only_what_is_taken_in_counts_as_recovered(one_pair: Begin) -> None:
    pair = await one_pair("not-possible-any-more")
    await pair.on(AUDITED_ON)
    await confirm(pair, ExtendRequest(decision="x" * 12, months=1))
    # There is no such mentor, so nobody takes over.
    await confirm(pair, ReplaceRequest(decision="n" * 12, mentor="M99"))
    assert await recovered(pair) == 1
    assert (await pair.progress_at()).ends_on == date(2020, 12, 10)


async def test_replacement_that_is_refused_is_told_to_staff_and_holds_up_nothing_after_it(one_pair: Begin) -> None:
    pair = await one_pair("refused-replacement")
    await pair.on(AUDITED_ON)
    pool, client, settings = pair.environment.pool, pair.environment.client, pair.environment.settings
    await confirm(pair, ReplaceRequest(decision="n" * 12, mentor="M99"))
    await confirm(pair, ExtendRequest(decision="x" * 12, months=1), TWO_DAYS_BEFORE + timedelta(hours=1))
    call = AuditCall(cohort_id="refused-replacement", now=datetime.now(UTC), repair=True, everybody=True)
    result = await DriftAuditor(pool, client, settings).audit(call)
    assert (await pair.progress_at()).ends_on == date(2020, 12, 10)
    lost = [drift.id for drift in result.left if drift.kind is DriftKind.DECISIONS]
    assert lost == [pair.mentorship]
    [shown] = await staff_home.lost_decisions(pool, ["refused-replacement"])
    assert (shown.mentorship_id, shown.kind) == (pair.mentorship, ChangeKind.REPLACE)


async def test_first_meeting_that_was_lost_is_taken_in_days_after_it_was_logged(one_pair: Begin) -> None:
    pair = await one_pair("met-before-audit")
    await pair.on(date(2019, 7, 9))
    met_at = datetime(2019, 7, 5, 16, tzinfo=UTC)
    logged = Answer(milestone="meeting-1", side=Side.MENTEE, received_at=met_at, met=True)
    link = Link(mentorship_id=pair.mentorship, milestone="meeting-1", side=Side.MENTEE)
    kept = NewResponse(link=link, form=MilestoneKind.MEETING, answers={"held": "held"}, received_at=met_at)
    await responses.save_response(pair.environment.pool, kept, logged)
    assert await recovered(pair) == 1
    after = await pair.progress_at()
    assert after.next_due_at is not None
    assert after.next_due_at > after.now
    state = await pair.handle.query("state", result_type=MentorshipState)
    assert state.terms.first_met_on == date(2019, 7, 5)
    thanks = [line.split() for line in await pair.email_lines() if "thanks" in line]
    assert [(to, day) for day, _, to, *_ in thanks] == [("mentee", "2019-07-08")]


async def test_answer_that_settles_a_reminder_while_postgresql_is_away_brings_nothing_forward(one_pair: Begin) -> None:
    pair = await one_pair("settled-meanwhile")
    reminder = await pair.on(date(2019, 5, 18))
    assert reminder.next_due_at == datetime(2019, 5, 20, 14, tzinfo=UTC)
    sent, pool = await pair.email_lines(), pair.environment.pool
    # Without it, nobody can tell what was missed.
    await pool.execute("alter table audit_event rename to audit_event_away")
    try:
        clocks = pair.environment.workflow_clocks
        await clocks.advance_to(pair.handle, reminder.next_due_at, reminder.clock_offset, due=True)

        async def is_asked() -> bool:
            return [kind for kind, _, _ in await pending_activities(pair.handle)] == ["find_missed"]

        await until(is_asked)
        at = reminder.next_due_at + timedelta(minutes=5)
        answer = Answer(milestone=MilestoneKind.FIRST_CONTACT, side=Side.MENTOR, received_at=at)
        await pair.handle.signal("response_received", answers_envelope([answer]))
    finally:
        await pool.execute("alter table audit_event_away rename to audit_event")
    after = await pair.progress_at(reminder.next_due_at)
    # First contact is settled, so nothing happens when its window closes; the next email leaves a week later.
    assert after.next_due_at == datetime(2019, 6, 7, 14, tzinfo=UTC)
    assert await pair.email_lines() == sent
    assert f"{Side.MENTEE}:{MilestoneKind.AGREEMENT}" in after.waiting_for


async def test_decision_that_is_no_longer_possible_is_refused_and_fails_no_task(mile_2019: CohortFolder) -> None:
    ended = MentorshipState(terms=initial_terms(mile_2019.settings, "mile-2019-001"), outcome=Outcome.MENTEE_WITHDREW)
    pause = PauseRequest(decision="p" * 12, from_on=date(2019, 7, 17), until_on=date(2019, 8, 17))
    # Only such an error fails an update; any other fails the task of the workflow, again and again.
    with pytest.raises(ApplicationError, match="is over"):
        await MentorshipWorkflow(ended).make(StaffDecision(at=TWO_DAYS_BEFORE, change=pause))
