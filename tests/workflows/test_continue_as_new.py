"""A cohort whose runs are short: it goes on in fresh ones, and nobody can tell from what it writes and takes in."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest_asyncio
from temporalio.client import WorkflowUpdateStage

from domain.cohort.campaigns import campaign_name
from rehearsal.environment import Environment
from runtime.histories import fetch_runs
from schemas.cohort.campaigns import Campaign, SkippedCampaign
from schemas.cohort.folder import CohortFolder
from schemas.enums import CampaignKind, CohortStage, SkipReason
from schemas.ids import cohort_workflow_id
from schemas.signals import Envelope
from storage import cohorts
from tests.own_stack import own_stack
from tests.waiting import until
from tests.workflows.conftest import KeepHistory
from tests.workflows.continued_runs import (
    PEOPLE,
    begun,
    begun_with,
    drafted,
    limits,
    of,
    one_pair_for_three_months,
    overview,
    passed,
    seen,
    signals,
    simulated_emails,
    steps,
    updates,
    upgraded,
)
from tests.workflows.refusing import NOW, Refusing, working
from workflows.cohort import CAMPAIGN_WITHIN

FULL_AFTER_EVENTS = 60
PUBLICATIONS = 8
TRIED_FOR = timedelta(hours=3)


@pytest_asyncio.fixture(scope="module")
async def short_runs() -> AsyncIterator[Environment]:
    """A stack whose engine finds a run full very soon."""
    async with own_stack(f"limit.historyCount.suggestContinueAsNew={FULL_AFTER_EVENTS}") as (_, environment):
        yield environment


async def test_cohort_of_many_runs_sends_the_letters_of_one_that_lived_in_a_single_run(
    short_runs: Environment,
    environment: Environment,
    mile_2019: CohortFolder,
    keep_history: KeepHistory,
) -> None:
    folder = one_pair_for_three_months(mile_2019)
    # Other tests on this stack rehearsed the same earlier class, whose mentors would be invited as people of theirs.
    await environment.pool.execute("update mentorship set starts_on = '2100-01-01' where cohort_id like 'before-%'")
    in_many, in_one = await asyncio.gather(simulated_emails(short_runs, folder), simulated_emails(environment, folder))
    assert in_many == in_one
    workflow = cohort_workflow_id(folder.settings.id)
    (only,) = await fetch_runs(environment.client, workflow)
    runs = await fetch_runs(short_runs.client, workflow)
    await keep_history(short_runs.client, workflow, workflow)
    stages = [begun_with(run).stage for run in runs]
    assert len(stages) > 5
    assert set(stages) >= {CohortStage.APPLYING, CohortStage.PUBLISHED, CohortStage.RUNNING}
    # Each run looks ahead anew, and nothing else is done twice.
    assert steps(*runs) - steps(only) == Counter(plan=len(runs) - 1)
    assert steps(only) - steps(*runs) == Counter()


async def test_what_is_said_while_a_run_ends_is_known_in_the_next(
    short_runs: Environment, mile_2019: CohortFolder
) -> None:
    handle, runs = await drafted(short_runs, mile_2019, "said-meanwhile", in_days=200)
    for number in range(PUBLICATIONS):
        await until(lambda: seen(handle, lambda where: not where.busy))
        *_, published = await asyncio.gather(
            handle.signal("proposal_answered", Envelope()),
            handle.signal("upgrade_requested"),
            handle.signal("proposal_answered", Envelope()),
            handle.execute_update("publish", args=[runs[number % 2], False], result_type=int),
        )
        assert published == PEOPLE
    await until(lambda: seen(handle, lambda where: not where.busy))
    histories = await fetch_runs(short_runs.client, handle.id)
    assert len(histories) > 3
    answers = publications = 0
    for history in histories:
        state = begun_with(history)
        assert (state.answers_received, len(state.published_at)) == (answers, publications)
        answers += len(signals(history, "proposal_answered"))
        publications += len(updates(history, "publish"))
    assert (answers, publications) == (2 * PUBLICATIONS, PUBLICATIONS)


async def test_fresh_run_takes_in_a_publication_before_it_has_looked_ahead(
    short_runs: Environment, mile_2019: CohortFolder
) -> None:
    handle, runs = await drafted(short_runs, mile_2019, "said-at-once", in_days=200)
    await handle.execute_update("publish", args=[runs[0], False], result_type=int)
    await until(lambda: seen(handle, lambda where: not where.busy))
    async with short_runs.pool.acquire() as db, db.transaction():
        await db.execute("lock table cohort in access exclusive mode")
        await upgraded(handle)
        update = await handle.start_update(
            "publish", args=[runs[1], False], wait_for_stage=WorkflowUpdateStage.ACCEPTED, result_type=int
        )
    assert await update.result() == PEOPLE


async def test_refused_step_is_tried_in_run_after_run_and_told_until_it_is_done(
    short_runs: Environment, mile_2019: CohortFolder
) -> None:
    cohort = "refused-for-long"
    handle = await begun(short_runs, cohort)
    await until(lambda: seen(handle, lambda where: where.failing_activity is not None))
    before = (await overview(handle)).failing_activity
    await passed(short_runs, handle, TRIED_FOR)
    assert len(await fetch_runs(short_runs.client, handle.id)) > 2
    assert (await overview(handle)).failing_activity == before
    assert before
    assert before.activity == "plan_cohort"
    await cohorts.save_cohort(short_runs.pool, of(mile_2019, cohort, in_days=200), (), (), datetime.now(UTC))
    await passed(short_runs, handle, timedelta(minutes=10))
    await until(lambda: seen(handle, lambda where: not where.busy))
    assert (await overview(handle)).failing_activity is None


async def test_campaign_that_was_left_out_stays_so_in_the_run_after_another_was_refused(
    short_runs: Environment,
) -> None:
    older, newer = (
        Campaign(kind=CampaignKind.UNFINISHED, at=NOW - timedelta(days=days), number=3 - days) for days in (2, 1)
    )
    refused = Campaign(kind=CampaignKind.RECRUITING, at=NOW)
    refusing = Refusing(CampaignKind.RECRUITING, older, newer, refused)
    async with working(short_runs.client, "refusing", refusing):
        handle = await begun(short_runs, "refused-campaigns", queue="refusing")
        await until(lambda: seen(handle, lambda where: where.failing_activity is not None))
        await passed(short_runs, handle, TRIED_FOR)
        assert len(await fetch_runs(short_runs.client, handle.id)) > 2
        assert refusing.ran == [campaign_name(newer)]
        refusing.refused = None
        await passed(short_runs, handle, timedelta(minutes=10))
        await until(lambda: seen(handle, lambda where: not where.busy))
        assert refusing.ran == [campaign_name(newer), campaign_name(refused)]
        await handle.terminate()


async def test_campaign_that_fails_until_it_is_over_is_left_out_and_holds_nothing_up(short_runs: Environment) -> None:
    refused = Campaign(kind=CampaignKind.RECRUITING, at=NOW, until=NOW + TRIED_FOR)
    later = Campaign(kind=CampaignKind.UNFINISHED, at=NOW + timedelta(minutes=30))
    refusing = Refusing(CampaignKind.RECRUITING, refused, later)
    async with working(short_runs.client, "over", refusing):
        handle = await begun(short_runs, "over-meanwhile", queue="over")
        await until(lambda: seen(handle, lambda where: where.failing_activity is not None))
        assert refusing.skipped == []
        await passed(short_runs, handle, TRIED_FOR + timedelta(minutes=10))
        await until(lambda: seen(handle, lambda where: not where.busy))
        assert refusing.skipped == [SkippedCampaign(campaign=refused, why=SkipReason.OVER)]
        assert refusing.ran == [campaign_name(later)]
        # So an error that nobody expected shows as a refusal does.
        [first, *_] = await fetch_runs(short_runs.client, handle.id)
        assert limits(first, "run_campaign") == {CAMPAIGN_WITHIN}
        await handle.terminate()


async def test_kickoff_that_moved_is_told_once_however_many_runs_it_was_refused_in(short_runs: Environment) -> None:
    invitation = Campaign(kind=CampaignKind.KICKOFF, at=NOW)
    refusing = Refusing(CampaignKind.KICKOFF_CHANGED, invitation)
    async with working(short_runs.client, "moving", refusing):
        handle = await begun(short_runs, "refused-move", queue="moving")
        await until(lambda: seen(handle, lambda where: not where.busy))
        refusing.fingerprint = "elsewhere"
        await handle.execute_update("reload_settings")
        await until(lambda: seen(handle, lambda where: where.failing_activity is not None))
        await passed(short_runs, handle, TRIED_FOR)
        refusing.refused = None
        await passed(short_runs, handle, timedelta(minutes=10))
        await until(lambda: seen(handle, lambda where: not where.busy))
        assert len(await fetch_runs(short_runs.client, handle.id)) > 2
        assert refusing.ran == [campaign_name(invitation), refusing.tried[-1]]
        assert set(refusing.tried) == set(refusing.ran)
        await handle.terminate()
