"""Cohorts: settings, stage, applications and match runs."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache

import asyncpg

from schemas.applications.mapping import ColumnMapping
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.cohort.overview import CohortFigures
from schemas.cohort.settings import CohortSettings
from schemas.enums import CohortStage, Side
from schemas.errors import Refusal, UnknownCohort
from schemas.matching.messages import MatchRequest
from schemas.matching.results import MatchResult
from storage.database import Connection, Db, queries, stored_as, transaction

NO_REQUEST = MatchRequest()


async def save_cohort(
    db: Db,
    settings: CohortSettings,
    mentors: Iterable[MentorApplication],
    mentees: Iterable[MenteeApplication],
    now: datetime,
) -> None:
    """Store a cohort's settings and applications, all or nothing; a second run with the same changes nothing.

    Raises Refusal where two people have one address, or one person is on both sides.
    """
    async with transaction(db) as connection:
        await save_settings(connection, settings, now)
        for side, people in ((Side.MENTOR, mentors), (Side.MENTEE, mentees)):
            for person in people:
                await _save_application(connection, settings.id, side, person)


async def add_cohort(db: Db, settings: CohortSettings, now: datetime) -> bool:
    """Store a new cohort's settings; return whether the cohort has these now, False where another one has its id."""
    await queries.add_cohort(db, id=settings.id, settings=settings.model_dump_json(), now=now)
    return await cohort_settings(db, settings.id) == settings


async def save_settings(db: Db, settings: CohortSettings, now: datetime) -> None:
    """Store a cohort's settings; every later email and page follows them."""
    await queries.save_cohort(db, id=settings.id, settings=settings.model_dump_json(), now=now)


async def save_mapping(db: Db, cohort_id: str, mapping: ColumnMapping) -> None:
    """Store how a cohort's files are read; the next import reads them so."""
    await queries.save_mapping(db, id=cohort_id, mapping=mapping.model_dump_json())


async def cohort_mapping(db: Db, cohort_id: str) -> ColumnMapping:
    """Return how a cohort's files are read, or raise UnknownCohort."""
    mapping = await queries.cohort_mapping(db, id=cohort_id)
    if mapping is None:
        raise UnknownCohort(cohort_id)
    return stored_as(ColumnMapping, mapping)


async def lock(db: Connection, cohort_ids: Iterable[str]) -> None:
    """Let two steps with the same cohorts come one after the other, until the transaction is over."""
    # In one order, or two steps with the same two cohorts would wait for each other.
    for cohort_id in sorted(cohort_ids):
        await queries.lock_cohort(db, id=cohort_id)


async def change_settings(
    db: Db,
    cohort_id: str,
    change: Callable[[CohortSettings, datetime], CohortSettings],
    clock: Callable[[], datetime],
) -> tuple[CohortSettings, CohortSettings]:
    """Change a cohort's settings and return them as they were and as they are.

    The clock is read while the cohort is locked: an application is submitted wholly before the change or wholly after
    it (decision 13). Raises UnknownCohort.
    """
    async with transaction(db) as connection:
        await queries.lock_cohort(connection, id=cohort_id)
        before, now = await cohort_settings(connection, cohort_id), clock()
        after = change(before, now)
        if after != before:
            await save_settings(connection, after, now)
        return before, after


async def _save_application(db: Db, cohort_id: str, side: Side, person: Application) -> None:
    try:
        saved = await queries.save_application(
            db,
            cohort_id=cohort_id,
            side=side,
            person_id=person.id,
            email=person.email,
            answers=person.model_dump_json(),
        )
    except asyncpg.UniqueViolationError:
        raise Refusal(f"{person.id} has an address that someone else in {cohort_id} already has.") from None
    if saved is None:
        raise Refusal(f"{person.id} is a {side.partner} of {cohort_id} and can’t be a {side} too. Choose another id.")


async def cohort_settings(db: Db, cohort_id: str) -> CohortSettings:
    """Return a cohort's settings, or raise UnknownCohort."""
    settings = await queries.cohort_settings(db, id=cohort_id)
    if settings is None:
        raise UnknownCohort(cohort_id)
    return read_settings(settings)


async def current_settings(db: Db) -> tuple[CohortSettings, ...]:
    """Return the settings of every cohort that is not archived, by id."""
    return tuple([read_settings(row["settings"]) async for row in queries.current_settings(db)])


@lru_cache(maxsize=64)
def read_settings(stored: str) -> CohortSettings:
    """Return settings as they are stored; thousands of emails read the same ones."""
    return stored_as(CohortSettings, stored)


async def set_stage(db: Db, cohort_id: str, stage: CohortStage, now: datetime) -> None:
    """Store the stage of a cohort."""
    await queries.set_stage(db, id=cohort_id, stage=stage, now=now)


async def stages(db: Db) -> dict[str, CohortStage]:
    """Return the stage of every cohort, by id."""
    return {row["id"]: CohortStage(row["stage"]) async for row in queries.stages(db)}


async def figures(db: Db, cohort_id: str) -> CohortFigures:
    """Return where one cohort stands, in one statement."""
    return CohortFigures(**await queries.cohort_figures(db, id=cohort_id))


async def archived(db: Db) -> set[str]:
    """Return the ids of the cohorts that are archived."""
    return {row["id"] async for row in queries.stages(db) if row["archived_at"]}


async def is_archived(db: Db, cohort_id: str) -> bool:
    """Tell whether a cohort is archived; where it is not, that stays so until the transaction is over."""
    return bool(await queries.is_archived(db, id=cohort_id))


async def mentors(db: Db, cohort_id: str) -> tuple[MentorApplication, ...]:
    """Return the mentors' applications of a cohort, by id."""
    rows = queries.applications(db, cohort_id=cohort_id, side=Side.MENTOR)
    return tuple([stored_as(MentorApplication, row["answers"]) async for row in rows])


async def mentees(db: Db, cohort_id: str) -> tuple[MenteeApplication, ...]:
    """Return the mentees' applications of a cohort, by id."""
    rows = queries.applications(db, cohort_id=cohort_id, side=Side.MENTEE)
    return tuple([stored_as(MenteeApplication, row["answers"]) async for row in rows])


async def save_match_run(
    pool: asyncpg.Pool, cohort_id: str, result: MatchResult, now: datetime, *, request: MatchRequest = NO_REQUEST
) -> int:
    """Store a match run as a draft, with its request; return its number. The same inputs are the same run."""
    inputs = {"cohort_id": cohort_id, "inputs_sha256": result.inputs_sha256}
    values = {"result": result.model_dump_json(), "request": request.model_dump_json()}
    async with pool.acquire() as db, db.transaction():
        await queries.lock_cohort(db, id=cohort_id)
        # The activity may run twice: the hash of the inputs finds the run that the first attempt stored.
        await queries.save_match_run(db, **inputs, **values, now=now)
        return int(await queries.match_run_by_inputs(db, **inputs))


async def latest_match_run(db: Db, cohort_id: str) -> int | None:
    """Return the number of a cohort's newest match run, or None before the first."""
    run = await queries.latest_match_run(db, cohort_id=cohort_id)
    return None if run is None else int(run)


async def match_run(db: Db, cohort_id: str, run: int) -> MatchResult:
    """Return one match run of a cohort, or refuse where there is none."""
    result = await queries.match_result(db, cohort_id=cohort_id, run=run)
    if result is None:
        raise Refusal(
            f"Cohort {cohort_id} has no match run {run}.", shell_advice=f"To make one: mile cohort match {cohort_id}"
        )
    return stored_as(MatchResult, result)


async def publish_match_run(db: Db, cohort_id: str, run: int, now: datetime) -> MatchResult:
    """Make a draft the cohort's matches and return it."""
    result = await match_run(db, cohort_id, run)
    await queries.publish_match_run(db, cohort_id=cohort_id, run=run, now=now)
    return result


async def published_matches(db: Db, cohort_id: str) -> MatchResult:
    """Return the matches that were published last, or refuse."""
    matches = await find_published_matches(db, cohort_id)
    if matches is None:
        raise Refusal(f"Cohort {cohort_id} has no published matches yet.")
    return matches


async def find_published_matches(db: Db, cohort_id: str) -> MatchResult | None:
    """Return the matches that were published last, or None before the first publication."""
    result = await queries.published_result(db, cohort_id=cohort_id)
    return None if result is None else stored_as(MatchResult, result)
