"""Steps that take a whole cohort at once, beside the seconds that Temporal gives them: 100, 1,000 and 10,000 pairs.

Run ``python -m benchmarks.whole_cohort [PAIRS …]``: each step is an activity, called alone on a PostgreSQL of its own.
The figures are printed and stored in benchmarks/results/.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import asyncpg
from temporalio.testing import ActivityEnvironment

from activities.campaigns import Campaigns
from activities.closure_surveys import ClosureSurveys
from activities.matching import MatchingActivities
from activities.proposals import ProposalActivities
from activities.records import Records
from benchmarks.starting import KICKOFF, NOW, settings_of, store_class
from domain.calendar import months_after
from runtime.local_stack.postgres import Postgres
from runtime.migrations import migrate
from schemas.cohort.campaigns import Campaign, CampaignCall
from schemas.cohort.messages import CohortCall, CountOpenMentorships
from schemas.cohort.settings import MatchingSettings, ProposalSettings
from schemas.enums import CampaignKind, MilestoneKind
from schemas.matching.messages import PublishCall
from services.matching import check_rules
from storage import cohorts, mentorships
from storage.database import open_pool
from workflows.support.options import RECORD, REPORT

RESULTS = Path(__file__).parent / "results"
SIZES = (100, 1000, 10_000)
WIDTH = 40
BEFORE_KICKOFF = NOW - timedelta(days=30)
Seconds = dict[str, float]
# What Temporal gives each step; one that takes longer is tried again, and takes as long again.
LIMITS = {
    "publish the matches": RECORD["start_to_close_timeout"],
    "propose them": RECORD["start_to_close_timeout"],
    "enqueue the proposals": RECORD["start_to_close_timeout"],
    "what a new match run has to keep": RECORD["start_to_close_timeout"],
    "count open mentorships": RECORD["start_to_close_timeout"],
    "write the report": REPORT["start_to_close_timeout"],
}


async def measured(pool: asyncpg.Pool, pairs: int) -> Seconds:
    """Return the seconds of each step for a class of so many pairs."""
    # Its people all work at one library.
    rules = {"proposals": ProposalSettings(), "matching": MatchingSettings(allow_same_employer=True)}
    settings = settings_of("large").model_copy(update=rules)
    run = await store_class(pool, settings, pairs)
    call = CohortCall(cohort_id=settings.id, now=BEFORE_KICKOFF)
    campaign = Campaign(kind=CampaignKind.PROPOSAL, at=BEFORE_KICKOFF)
    seconds: Seconds = {}

    async def timed(name: str, activity: Callable[..., Awaitable[object]], argument: object) -> None:
        began = time.perf_counter()
        await ActivityEnvironment().run(activity, argument)
        seconds[name] = round(time.perf_counter() - began, 2)
        print(f"{pairs:,} pairs: {name} {seconds[name]} s", file=sys.stderr, flush=True)

    # What is loaded at first is none of a step's work.
    await check_rules(pool, settings.id, run, waived=False)
    publication = PublishCall(cohort_id=settings.id, run=run, waived=False, now=BEFORE_KICKOFF)
    proposals, all_of = ProposalActivities(pool), {"cohort_id": settings.id, "now": NOW}
    await timed("publish the matches", MatchingActivities(pool).publish_matches, publication)
    await timed("propose them", proposals.propose_matches, call)
    await timed("enqueue the proposals", Campaigns(pool).run_campaign, CampaignCall(campaign=campaign, **dict(call)))
    await timed("what a new match run has to keep", proposals.build_match_request, call)
    days = {"starts_on": KICKOFF, "ends_on": months_after(KICKOFF, settings.timeline.months)}
    await mentorships.save_pairs(pool, settings.id, await cohorts.published_matches(pool, settings.id), **days, now=NOW)
    counting = CountOpenMentorships(kind=MilestoneKind.CLOSURE_SURVEY, **all_of)
    await timed("count open mentorships", Records(pool).count_open_mentorships, counting)
    await timed("write the report", ClosureSurveys(pool).write_report, CohortCall(**all_of))
    return seconds


async def measured_alone(pairs: int) -> Seconds:
    """Measure on a PostgreSQL of its own."""
    with tempfile.TemporaryDirectory(prefix="mile benchmark ") as folder:
        postgres = Postgres(Path(folder) / "postgres", Path(folder) / "postgres.log", lambda _: None)
        await postgres.start()
        try:
            await asyncio.to_thread(migrate, postgres.url)
            async with open_pool(postgres.url) as pool:
                return await measured(pool, pairs)
        finally:
            await postgres.stop()


def drawing(results: dict[str, Seconds]) -> str:
    """Return for each step and size what part of its limit it takes, as bars."""
    lines: list[str] = []
    for name, limit in LIMITS.items():
        lines.append(f"{name}, of {limit.total_seconds():,.0f} s:")
        for pairs, seconds in results.items():
            part = min(1.0, seconds[name] / limit.total_seconds())
            lines.append(f"{int(pairs):>7,} {'█' * round(WIDTH * part):<{WIDTH}} {seconds[name]:.2f} s")
    return "\n".join(lines)


def main() -> None:
    """Measure each size, print the figures and keep them."""
    results = {str(size): asyncio.run(measured_alone(int(size))) for size in sys.argv[1:] or SIZES}
    print(drawing(results))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "whole_cohort.json").write_text(json.dumps(results, indent=2) + "\n")
    (RESULTS / "whole_cohort.md").write_text(f"# Steps for a whole cohort\n\n```\n{drawing(results)}\n```\n")


if __name__ == "__main__":
    main()
