"""Staff match a cohort and publish a run: previews change nothing, and the audit log says who did what."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.audit_event import AuditFilter
from schemas.cohort.campaigns import Campaign, CampaignCall
from schemas.cohort.settings import CohortSettings, MatchingSettings, ProposalSettings
from schemas.enums import CampaignKind, EmailKind
from schemas.errors import Refusal, UnknownCohort
from schemas.ids import cohort_workflow_id
from schemas.matching.messages import MatchRequest, MatchRunSummary
from services.campaign_emails import enqueue_campaign
from services.context import ServiceContext
from services.matching import compare_runs, match_cohort, preview_match, preview_publish, publish
from storage import audit, cohorts, proposals
from tests.services.conftest import ACTOR, COHORT, FakeTemporal, events_of, publish_pairs

WORKFLOW = cohort_workflow_id(COHORT)
STRAIGHT = (("M01", "P01"), ("M02", "P02"), ("M03", "P03"))
CROSSED = (("M01", "P02"), ("M02", "P01"), ("M03", "P03"))


@pytest.fixture
def settings(settings: CohortSettings) -> CohortSettings:
    """A cohort that asks both sides, and whose people, all of one library, may be matched."""
    matching = MatchingSettings(allow_same_employer=True)
    return settings.model_copy(update={"proposals": ProposalSettings(), "matching": matching})


async def save(pool: asyncpg.Pool, settings: CohortSettings, **different: object) -> None:
    await cohorts.save_settings(pool, settings.model_copy(update=different), datetime.now(UTC))


async def test_preview_of_a_match_run_stores_nothing_and_needs_no_workflow(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    drafted = await preview_match(context, cohort, MatchRequest(forbid=(("M01", "P01"),)))
    assert (drafted.done, drafted.run, drafted.pairs, drafted.unplaced) == (False, None, 3, 0)
    assert drafted.preview is not None
    assert drafted.preview.changes == ("A match run would come to 3 pairs, 0 without a mentor, proven to be the best.",)
    assert drafted.preview.emails == ()
    assert await cohorts.latest_match_run(pool, cohort) is None
    assert (await events_of(pool, cohort), temporal.messages) == ([], [])


async def test_match_run_is_made_by_the_workflow_and_audited(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    temporal.results["match"] = MatchRunSummary(run=4, pairs=2, unplaced=1, worst=7000, total=14000, valid=True)
    drafted = await match_cohort(context, ACTOR, cohort, MatchRequest(), note="a first look")
    assert (drafted.done, drafted.run) == (True, 4)
    assert drafted.describe() == "Match run 4: 2 pairs, 1 without a mentor, proven to be the best."
    one = drafted.model_copy(update={"pairs": 1, "valid": False})
    assert one.describe() == "Match run 4: 1 pair, 1 without a mentor, not proven to be the best."
    assert temporal.messages == [(WORKFLOW, "match")]
    [event] = await audit.events(pool, AuditFilter(cohort_id=cohort))
    details = {"run": 4, "pairs": 2, "note": "a first look"}
    assert (event.actor, event.action, event.details) == (ACTOR, "matched", details)


async def test_runs_are_compared_by_whose_mentor_changes(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    before, after = await publish_pairs(pool, *STRAIGHT), await publish_pairs(pool, *CROSSED)
    changes = await compare_runs(context, cohort, before, after)
    assert [(change.mentee, change.before, change.after) for change in changes] == [
        ("P01", "M01", "M02"),
        ("P02", "M02", "M01"),
    ]
    with pytest.raises(Refusal, match="has no match run 9"):
        await compare_runs(context, cohort, before, 9)


async def test_preview_of_a_publication_names_who_would_be_asked_and_not_who_was(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    run, _ = await publish_pairs(pool, *CROSSED), await publish_pairs(pool, *STRAIGHT)
    now = datetime.now(UTC)
    proposal = Campaign(kind=CampaignKind.PROPOSAL, at=now)
    await enqueue_campaign(pool, CampaignCall(cohort_id=cohort, now=now, campaign=proposal))
    publication = await preview_publish(context, cohort, run, None)
    assert (publication.done, publication.already, publication.asked_first) == (False, False, True)
    assert publication.preview is not None
    # M03 and P03 were asked about each other already.
    assert {(email.to, email.kind) for email in publication.preview.emails if email.at is None} == {
        (person, EmailKind.PROPOSAL) for person in ("M01", "P02", "M02", "P01")
    }
    assert publication.preview.changes[0] == f"Match run {run} would be published: 3 pairs."
    assert publication.preview.way_back == "publish another run before the mentorships start"
    assert await proposals.published_run(pool, cohort) == run + 1
    assert (await events_of(pool, cohort), temporal.messages) == ([], [])


async def test_publication_is_made_by_the_workflow_and_audited_with_its_waiver(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    run, _ = await publish_pairs(pool, *CROSSED), await publish_pairs(pool, *STRAIGHT)
    await save(pool, settings, matching=MatchingSettings())
    temporal.results["publish"] = 3
    publication = await publish(context, ACTOR, cohort, run, "both asked for it", note="agreed by phone")
    assert (publication.done, publication.already, publication.pairs) == (True, False, 3)
    assert {(rule.mentor, rule.mentee) for rule in publication.waived} == set(CROSSED)
    assert {change.mentee for change in publication.changed} == {"P01", "P02"}
    assert temporal.messages == [(WORKFLOW, "publish")]
    [event] = await audit.events(pool, AuditFilter(cohort_id=cohort))
    assert (event.actor, event.action) == (ACTOR, "published")
    assert event.details == {"run": run, "pairs": 3, "waiver": "both asked for it", "note": "agreed by phone"}


async def test_run_that_is_published_already_is_left_alone(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    run = await publish_pairs(pool, *STRAIGHT)
    previewed = await preview_publish(context, cohort, run, None)
    publication = await publish(context, ACTOR, cohort, run, None)
    assert previewed.already
    assert publication.already
    assert (await events_of(pool, cohort), temporal.messages) == ([], [])


async def test_preview_refuses_what_breaks_a_rule_unless_staff_waive_it(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    run, _ = await publish_pairs(pool, *CROSSED), await publish_pairs(pool, *STRAIGHT)
    await save(pool, settings, matching=MatchingSettings())
    with pytest.raises(Refusal, match=f"Run {run} breaks a rule: M01 with P02: .*make an exception"):
        await preview_publish(context, cohort, run, None)
    assert len((await preview_publish(context, cohort, run, "they asked")).waived) == 3


async def test_pairs_that_nobody_is_asked_about_stand_once_published(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    await save(pool, settings, proposals=None)
    run = await publish_pairs(pool, *STRAIGHT)
    with pytest.raises(Refusal, match=f"Match run {run} is published; the pairs stand."):
        await preview_match(context, cohort, MatchRequest())


async def test_cohort_that_is_over_or_unknown_is_refused(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    run, _ = await publish_pairs(pool, *CROSSED), await publish_pairs(pool, *STRAIGHT)
    temporal.running.clear()
    for preview in (preview_match(context, cohort, MatchRequest()), preview_publish(context, cohort, run, None)):
        with pytest.raises(Refusal, match="has no running workflow"):
            await preview
    for step in (
        preview_match(context, "other", MatchRequest()),
        match_cohort(context, ACTOR, "other", MatchRequest()),
        preview_publish(context, "other", run, None),
        publish(context, ACTOR, "other", run, None),
    ):
        with pytest.raises(UnknownCohort):
            await step


async def test_publication_after_the_kickoff_says_that_nobody_is_asked(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str, settings: CohortSettings
) -> None:
    run = await publish_pairs(pool, *CROSSED)
    await pool.execute("update match_run set published_at = null")
    await pool.execute("delete from proposal")
    past = settings.institute.model_copy(update={"last_day": datetime.now(UTC).date() - timedelta(days=3)})
    await save(pool, settings, institute=past, proposals=ProposalSettings())
    publication = await preview_publish(context, cohort, run, None)
    assert publication.preview is not None
    assert publication.describe()[-1] == (
        "The kickoff is past, so nobody is asked. Confirm each match for its two people to make it final."
    )
    assert [email.kind for email in publication.preview.emails if email.kind is EmailKind.PROPOSAL] == []
    # Another run can be published no more.
    assert publication.preview.way_back is None
