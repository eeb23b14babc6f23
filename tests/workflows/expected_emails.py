"""Cohorts with people on their way into them, emails enqueued by hand, campaigns run by hand, and what arrived."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import asyncpg
from temporalio import workflow
from temporalio.worker import Worker

from rehearsal.delivery import wait_for_delivery_to_cohort
from rehearsal.environment import Environment
from rehearsal.inbox import Inbox
from schemas.cohort.campaigns import Campaign, CampaignCall, CampaignResult
from schemas.cohort.folder import CohortFolder
from schemas.cohort.settings import ApplicationWindow, CohortSettings, HalfDay, HalfDaySession, ProposalSettings
from schemas.enums import CampaignKind
from storage import cohorts, outbox
from tests.matched import matched

NOW = datetime(2019, 2, 4, 15, tzinfo=UTC)
LAST = HalfDay(id="last", label="Farewell", day=date(2019, 5, 10), begins=time(9), ends=time(12))
APPLYING = {
    "applications": ApplicationWindow(opens_on=date(2019, 1, 7), closes_on=date(2019, 2, 28)),
    "proposals": ProposalSettings(),
    "session": HalfDaySession(half_days=(LAST,)),
}
RunCampaign = Callable[..., Coroutine[Any, Any, CampaignResult]]


@workflow.defn(sandboxed=False)
class OneCampaignWorkflow:
    """Runs one campaign as a cohort's workflow would."""

    @workflow.run
    async def run(self, call: CampaignCall) -> CampaignResult:
        result: CampaignResult = await workflow.execute_activity(
            "run_campaign",
            call,
            task_queue="mile",
            result_type=CampaignResult,
            start_to_close_timeout=timedelta(minutes=5),
        )
        return result


@asynccontextmanager
async def campaign_runner(environment: Environment) -> AsyncIterator[RunCampaign]:
    """Yield what runs a campaign of a cohort."""
    queue = "one-campaign"

    async def run_campaign(cohort_id: str, kind: CampaignKind, number: int = 0, now: datetime = NOW) -> CampaignResult:
        call = CampaignCall(cohort_id=cohort_id, now=now, campaign=Campaign(kind=kind, at=now, number=number))
        run = f"{cohort_id}-{kind}-{number}-{datetime.now(UTC).timestamp()}"
        result = await environment.client.execute_workflow(OneCampaignWorkflow.run, call, id=run, task_queue=queue)
        await wait_for_delivery_to_cohort(environment.pool, cohort_id)
        return result

    async with Worker(environment.client, task_queue=queue, workflows=[OneCampaignWorkflow]):
        yield run_campaign


async def keep_cohort(
    pool: asyncpg.Pool, folder: CohortFolder, cohort_id: str, *, people: bool = True
) -> CohortSettings:
    settings = folder.settings.model_copy(update={"id": cohort_id, "title": f"Class {cohort_id}"} | APPLYING)
    given = (folder.mentors, folder.mentees) if people else ((), ())
    await cohorts.save_cohort(pool, settings, *given, NOW)
    return settings


async def begin_drafts(pool: asyncpg.Pool, cohort_id: str, addresses: list[str]) -> list[str]:
    """Keep drafts with a page that was saved, and not submitted; return their people's ids."""
    people = [f"A{number:04}" for number, _ in enumerate(addresses, start=1)]
    await pool.executemany(
        "insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at)"
        " values ($1, $2, 'mentor', $3, '{\"about\": \"x\"}', $4, $4)",
        [(cohort_id, person, email, NOW) for person, email in zip(people, addresses, strict=True)],
    )
    return people


def addresses(cohort_id: str, count: int) -> list[str]:
    return [f"person{number}.{cohort_id}@example.org" for number in range(count)]


def arrived(inbox: Inbox, cohort_id: str) -> list[EmailMessage]:
    return [message for message in inbox.messages if f"<{cohort_id}." in str(message["List-Id"])]


def to(inbox: Inbox, cohort_id: str) -> Counter[str]:
    return Counter(str(message["To"]).rpartition("<")[2].strip(">") for message in arrived(inbox, cohort_id))


async def states(pool: asyncpg.Pool, cohort_id: str) -> Counter[str]:
    return Counter(row["state"] for row in await outbox.emails_of_cohort(pool, cohort_id))


def published(mentor: str, mentee: str) -> str:
    return matched((mentor, mentee), score=8000).model_dump_json()
