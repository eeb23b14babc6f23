"""Several classes are reported together once each has its report, and each only ever with the same others."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from domain.report.figures import make_report
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from services.context import ServiceContext
from services.reports import pooled_report
from storage import cohorts, reports
from tests.locks import until_held_up
from tests.services.conftest import ACTOR, events_of

CLASSES = ("mile-2015", "mile-2017", "mile-2019")


async def report_on(pool: asyncpg.Pool, settings: CohortSettings, *classes: str) -> None:
    now = datetime.now(UTC)
    for cohort in classes:
        await cohorts.save_cohort(
            pool, settings.model_copy(update={"id": cohort, "title": cohort.upper()}), (), (), now
        )
        await reports.save_report(pool, make_report(await reports.cohort_records(pool, cohort, datetime.now(UTC))), now)


async def test_classes_are_reported_with_the_same_others_again_and_with_no_more(
    context: ServiceContext, pool: asyncpg.Pool, settings: CohortSettings
) -> None:
    await report_on(pool, settings, *CLASSES)
    for classes in (CLASSES[:2], CLASSES[1::-1]):
        told = await pooled_report(context, ACTOR, classes)
        assert (told.report.classes, told.settings.title) == (CLASSES[:2], "MILE-2015, MILE-2017")
    for others in (CLASSES, CLASSES[1:]):
        with pytest.raises(Refusal, match="They were mile-2015, mile-2017"):
            await pooled_report(context, ACTOR, others)
    assert set(await events_of(pool, "mile-2017")) == {("staff:amina", "reported_together")}
    assert await events_of(pool, "mile-2019") == []


async def test_class_is_reported_at_one_moment_with_the_same_others_only(
    context: ServiceContext, pool: asyncpg.Pool, settings: CohortSettings
) -> None:
    await report_on(pool, settings, *CLASSES)
    async with pool.acquire() as staff:
        async with staff.transaction():
            await cohorts.lock(staff, CLASSES)
            pooling = [asyncio.create_task(pooled_report(context, ACTOR, [CLASSES[0], other])) for other in CLASSES[1:]]
            await until_held_up(pool, *pooling)
        told = await asyncio.gather(*pooling, return_exceptions=True)
    assert {type(one).__name__ for one in told} == {"CohortReport", "Refusal"}


async def test_class_is_not_reported_together_with_itself(
    context: ServiceContext, pool: asyncpg.Pool, settings: CohortSettings
) -> None:
    await report_on(pool, settings, *CLASSES[:2])
    with pytest.raises(Refusal, match="needs two different classes"):
        await pooled_report(context, ACTOR, [CLASSES[0], CLASSES[0]])
    assert (await pooled_report(context, ACTOR, CLASSES[:2])).report.classes == CLASSES[:2]


async def test_class_without_a_report_is_not_reported_with_others(
    context: ServiceContext, pool: asyncpg.Pool, settings: CohortSettings, cohort: str
) -> None:
    await report_on(pool, settings, "mile-2017")
    with pytest.raises(Refusal, match=f"{cohort} has no report yet"):
        await pooled_report(context, ACTOR, ["mile-2017", cohort])


async def test_classes_with_other_schedules_do_not_add_up(
    context: ServiceContext, pool: asyncpg.Pool, settings: CohortSettings
) -> None:
    await report_on(pool, settings, "mile-2017")
    timeline = settings.timeline.model_copy(update={"follow_up_after_months": (9,)})
    await report_on(pool, settings.model_copy(update={"timeline": timeline}), "mile-2019")
    with pytest.raises(Refusal, match="different schedules"):
        await pooled_report(context, ACTOR, ["mile-2017", "mile-2019"])
