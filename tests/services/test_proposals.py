"""Staff answer a proposal for people: a preview says what the step then does, and refuses what it refuses."""

from datetime import UTC, datetime

import asyncpg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.sweeper import Sweeper
from schemas.audit_event import AuditFilter
from schemas.cohort.settings import CohortSettings, ProposalSettings
from schemas.enums import ApplicationStatus, Commitment, DeclineReason, EmailKind, Recipient, Side
from schemas.errors import Refusal, UnknownCohort
from schemas.ids import cohort_workflow_id
from services.context import ServiceContext
from services.proposals import (
    ProposalDecline,
    ProposalStatus,
    confirm,
    decline_for,
    list_proposals,
    preview_confirm,
    preview_decline,
)
from storage import audit
from tests.services.conftest import ACTOR, COHORT, FakeTemporal, events_of, publish_pairs

WORKFLOW = cohort_workflow_id(COHORT)
ANSWERED = (WORKFLOW, "proposal_answered")
MENTEE_DECLINES = ProposalDecline(mentor="M01", mentee="P01", side=Side.MENTEE, reason=DeclineReason.TIME)


@pytest.fixture
def settings(settings: CohortSettings) -> CohortSettings:
    return settings.model_copy(update={"proposals": ProposalSettings()})


@pytest.fixture
async def proposed(pool: asyncpg.Pool, cohort: str) -> str:
    """The id of a cohort in which M01 and P01, and M02 and P02, are proposed to each other."""
    await publish_pairs(pool, ("M01", "P01"), ("M02", "P02"))
    return cohort


async def status_of(context: ServiceContext, cohort: str, mentee: str = "P01") -> ProposalStatus:
    found = await list_proposals(context, cohort)
    return next(proposal.status for proposal in found.proposals if proposal.mentee.person == mentee)


async def test_preview_of_a_final_match_says_who_is_written_to_and_changes_nothing(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, proposed: str
) -> None:
    result = await preview_confirm(context, proposed, "M01", "P01")
    assert (result.done, result.changed, result.before, result.after) == (False, True, "waiting", "final")
    assert result.preview is not None
    assert result.preview.changes == ("M01 with P01 would be final; was waiting.",)
    assert [(email.to, email.kind) for email in result.preview.emails] == [
        ("M01", EmailKind.MATCH_FINAL),
        ("P01", EmailKind.MATCH_FINAL),
    ]
    assert await status_of(context, proposed) is ProposalStatus.WAITING
    assert await pool.fetchval("select count(*) from outbox") == 0
    assert (await events_of(pool, proposed), temporal.messages) == ([], [])


async def test_match_is_made_final_once_with_both_emails_and_one_event(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, proposed: str
) -> None:
    assert (await confirm(context, ACTOR, proposed, "M01", "P01", note="both called")).changed
    assert not (await confirm(context, ACTOR, proposed, "M01", "P01", note="again")).changed
    assert (await preview_confirm(context, proposed, "M01", "P01")).changed is False
    assert await status_of(context, proposed) is ProposalStatus.FINAL
    emails = await pool.fetch("select kind, recipient from outbox order by recipient")
    assert [tuple(email) for email in emails] == [("match_final", "mentee"), ("match_final", "mentor")]
    assert temporal.messages == [ANSWERED]
    [event] = await audit.events(pool, AuditFilter(cohort_id=proposed))
    assert (event.actor, event.action) == (ACTOR, "proposal_confirmed")
    assert event.details == {"mentor": "M01", "mentee": "P01", "before": "waiting", "note": "both called"}


async def test_preview_of_a_decline_changes_nothing(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, proposed: str
) -> None:
    result = await preview_decline(context, proposed, MENTEE_DECLINES)
    assert (result.changed, result.after) == (True, ProposalStatus.DECLINED)
    assert result.preview is not None
    assert [(email.to, email.kind) for email in result.preview.emails] == [(Recipient.STAFF, EmailKind.STAFF_NOTE)]
    assert await status_of(context, proposed) is ProposalStatus.WAITING
    assert (await events_of(pool, proposed), temporal.messages) == ([], [])


async def sweep(context: ServiceContext) -> None:
    """Sweep half a minute after what was stored last."""
    await context.pool.execute("update proposal set unsignaled_since = unsignaled_since - interval '31 seconds'")
    await ActivityEnvironment().run(Sweeper(context).signal_pending_responses)


@pytest.mark.parametrize("answer", ["confirmed", "declined"])
async def test_what_staff_say_while_temporal_is_away_is_signaled_by_the_sweeper_once(
    context: ServiceContext, temporal: FakeTemporal, proposed: str, answer: str
) -> None:
    temporal.away = True
    if answer == "confirmed":
        assert (await confirm(context, ACTOR, proposed, "M01", "P01", note="both called")).changed
    else:
        assert (await decline_for(context, ACTOR, proposed, MENTEE_DECLINES, note="called")).changed
    await sweep(context)
    assert temporal.messages == []
    temporal.away = False
    for _ in range(2):
        await sweep(context)
        assert temporal.messages == [ANSWERED]


async def test_what_was_signaled_or_comes_after_the_start_is_not_swept(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, proposed: str
) -> None:
    await confirm(context, ACTOR, proposed, "M01", "P01", note="both called")
    temporal.away = True
    await confirm(context, ACTOR, proposed, "M02", "P02", note="both called")
    await pool.execute("update cohort set stage = 'starting'")
    temporal.away = False
    await sweep(context)
    assert temporal.messages == [ANSWERED]


async def test_decline_is_stored_with_its_reason_and_audited_without_it(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, proposed: str
) -> None:
    await confirm(context, ACTOR, proposed, "M01", "P01", note="both called")
    temporal.messages.clear()
    declined = await decline_for(context, ACTOR, proposed, MENTEE_DECLINES, note="called again")
    assert (declined.changed, declined.before, declined.after) == (True, "final", "declined")
    assert not (await decline_for(context, ACTOR, proposed, MENTEE_DECLINES, note="twice")).changed
    found = (await list_proposals(context, proposed)).proposals[0]
    assert (found.status, found.mentee.commitment, found.mentee.reason) == ("declined", Commitment.DECLINED, "time")
    assert found.mentor.commitment is None
    assert temporal.messages == [ANSWERED]
    event = (await audit.events(pool, AuditFilter(cohort_id=proposed)))[-1]
    assert (event.actor, event.action) == (ACTOR, "proposal_declined")
    assert event.details == {"mentor": "M01", "mentee": "P01", "side": "mentee", "note": "called again"}


@pytest.mark.parametrize("reason", ["pair", "application", "mentorship", "cohort"])
async def test_preview_and_step_refuse_in_the_same_words(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, proposed: str, reason: str
) -> None:
    pair, decline = ("M01", "P01"), MENTEE_DECLINES
    if reason == "pair":
        pair, decline = ("M01", "P02"), MENTEE_DECLINES.model_copy(update={"mentee": "P02"})
    if reason == "application":
        await pool.execute("update application set status = $1 where person_id = 'P01'", ApplicationStatus.WITHDRAWN)
    if reason == "mentorship":
        await pool.execute(
            "insert into mentorship (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at)"
            " values ('x-001', $1, 'M01', 'P01', 1, '2019-05-10', '2020-11-10', $2)",
            proposed,
            datetime.now(UTC),
        )
    if reason == "cohort":
        temporal.running.clear()
    sentences = {}
    if reason != "mentorship":
        sentences["confirm"] = (
            preview_confirm(context, proposed, *pair),
            confirm(context, ACTOR, proposed, *pair, note="why"),
        )
    if reason != "application":
        sentences["decline"] = (
            preview_decline(context, proposed, decline),
            decline_for(context, ACTOR, proposed, decline, note="why"),
        )
    for preview, step in sentences.values():
        with pytest.raises(Refusal) as previewed:
            await preview
        with pytest.raises(Refusal) as refused:
            await step
        assert str(previewed.value) == str(refused.value)
    assert await events_of(pool, proposed) == []


async def test_unknown_cohort_is_refused(context: ServiceContext) -> None:
    with pytest.raises(UnknownCohort):
        await list_proposals(context, "other")
    with pytest.raises(UnknownCohort):
        await confirm(context, ACTOR, "other", "M01", "P01", note="why")
