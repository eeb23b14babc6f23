"""Mentorships as lists and reports read them: the pairs, their plans, and the progress of their workflows."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import asyncpg

from domain.mentorship.agreement import goals_of
from schemas.applications.people import IntakeWords, Person
from schemas.enums import MilestoneKind, Outcome, Side
from schemas.errors import Refusal, UnknownMentorship
from schemas.ids import mentorship_id
from schemas.matching.results import MatchResult, Pair
from schemas.mentorship.messages import RecordProgress
from schemas.mentorship.responses import DueMilestone, MentorshipPair
from schemas.mentorship.state import Closing, Plan
from storage.agreements import take_over
from storage.cohorts import is_archived, read_settings
from storage.database import Db, queries


async def save_pairs(
    pool: asyncpg.Pool, cohort_id: str, result: MatchResult, *, starts_on: date, ends_on: date, now: datetime
) -> tuple[str, ...]:
    """Store a mentorship for each of these pairs and return their ids, in order of the mentees.

    Pairs that are stored already keep their numbers; the others are numbered by mentee after the last one. Safe to
    run twice. Raises Refusal, and stores nothing, where a mentee is in another mentorship of the cohort, and where the
    cohort is archived.
    """
    pairs = sorted(result.pairs, key=lambda pair: pair.mentee)
    async with pool.acquire() as connection, connection.transaction():
        await queries.lock_cohort(connection, id=cohort_id)
        if await is_archived(connection, cohort_id):
            raise Refusal(f"{cohort_id} is archived, so no mentorship of it can start.")
        # Read under the lock: of two simultaneous starts, the second finds the pairs of the first.
        ids_by_pair = await mentorship_ids(connection, cohort_id)
        new_pairs = [pair for pair in pairs if (pair.mentor, pair.mentee) not in ids_by_pair]
        _refuse_second_mentorships(new_pairs, ids_by_pair)
        ids = [mentorship_id(cohort_id, number) for number, _ in enumerate(new_pairs, start=len(ids_by_pair) + 1)]
        await queries.save_pairs(
            connection,
            cohort_id=cohort_id,
            ids=ids,
            mentors=[pair.mentor for pair in new_pairs],
            mentees=[pair.mentee for pair in new_pairs],
            scores=[pair.score for pair in new_pairs],
            starts_on=starts_on,
            ends_on=ends_on,
            now=now,
        )
    ids_by_pair |= {(pair.mentor, pair.mentee): id_ for id_, pair in zip(ids, new_pairs, strict=True)}
    return tuple(ids_by_pair[pair.mentor, pair.mentee] for pair in pairs)


async def mentorship_ids(db: Db, cohort_id: str) -> dict[tuple[str, str], str]:
    """Return the ids of a cohort's mentorships by their (mentor, mentee)."""
    rows = queries.pairs(db, cohort_id=cohort_id)
    return {(row["mentor_id"], row["mentee_id"]): row["id"] async for row in rows}


def _refuse_second_mentorships(new_pairs: Iterable[Pair], ids_by_pair: Mapping[tuple[str, str], str]) -> None:
    by_mentee = {mentee: id_ for (_, mentee), id_ in ids_by_pair.items()}
    for pair in new_pairs:
        # A mentee has one named mentor at a time (A25).
        if existing := by_mentee.get(pair.mentee):
            raise Refusal(f"{existing} is already another pair. Matches can’t change once mentorships have started.")


async def partners(db: Db, mentorship: str) -> MentorshipPair:
    """Return the two people of a mentorship with their cohort and goals, or raise UnknownMentorship.

    The goals are those the two agreed on, and until then those the mentee named at intake.
    """
    pairs = await partners_of(db, [mentorship])
    return pairs[mentorship]


async def partners_of(db: Db, mentorships: Collection[str]) -> dict[str, MentorshipPair]:
    """Return the two people of each of several mentorships, or raise UnknownMentorship for the first there is not."""
    # All rows first: one that cannot be read would leave the query, and its connection, open.
    rows = [row async for row in queries.mentorship_pairs(db, ids=list(mentorships))]
    pairs = {row["id"]: pair_of(row) for row in rows}
    for unknown in set(mentorships) - pairs.keys():
        raise UnknownMentorship(unknown)
    return pairs


def pair_of(row: asyncpg.Record) -> MentorshipPair:
    """Return the pair of a row of the view ``mentorship_pair``."""
    mentor, mentee = json.loads(row["mentor"]), json.loads(row["mentee"])
    agreed = goals_of(json.loads(row["agreed"])) if row["agreed"] else ()
    return MentorshipPair(
        mentorship_id=row["id"],
        cohort=read_settings(row["settings"]),
        mentor=_person(Side.MENTOR, mentor),
        mentee=_person(Side.MENTEE, mentee),
        goals=agreed or tuple(mentee.get("goals", ())),
        intake=IntakeWords.of(mentee),
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
    )


def _person(side: Side, answers: Mapping[str, object]) -> Person:
    known = {name: answers[name] for name in Person.model_fields if name in answers}
    return Person.model_validate(known | {"side": side})


async def save_successor(
    pool: asyncpg.Pool,
    predecessor: str,
    mentor: str,
    *,
    score: int,
    starts_on: date,
    now: datetime,
    known_id: str | None = None,
) -> str:
    """Store the mentorship by which a mentor takes over, with the agreement as a draft; return its id (A25).

    Safe to run twice. ``known_id`` is given where it was stored before and lost. Raises Refusal where somebody else has
    taken over already.
    """
    async with pool.acquire() as connection, connection.transaction():
        await queries.lock_cohort_of_mentorship(connection, id=predecessor)
        existing = await queries.successor_of(connection, id=predecessor)
        # A retry of the activity finds what the first attempt stored.
        if existing and existing["mentor_id"] != mentor:
            raise Refusal(f"{existing['mentor_id']} has already taken over from {predecessor}, as {existing['id']}.")
        if existing:
            return str(existing["id"])
        row = await queries.mentorship(connection, id=predecessor)
        existing_rows = await mentorships(connection, row["cohort_id"])
        id_ = known_id or mentorship_id(row["cohort_id"], len(existing_rows) + 1)
        await queries.save_successor(
            connection, id=id_, predecessor_id=predecessor, mentor_id=mentor, score=score, starts_on=starts_on, now=now
        )
        await take_over(connection, predecessor, id_, now)
    return id_


async def successor(db: Db, mentorship: str) -> str | None:
    """Return the mentorship that took over from one, or None."""
    row = await queries.successor_of(db, id=mentorship)
    return str(row["id"]) if row else None


async def save_plan(pool: asyncpg.Pool, mentorship: str, plan: Plan, now: datetime) -> None:
    """Store a plan's milestones; a later plan moves those not closed yet, and drops those it no longer has."""
    milestones = plan.model_dump_json(include={"milestones"})
    await queries.save_plan(pool, mentorship_id=mentorship, plan=milestones, ends_on=plan.ends_on, now=now)


async def close_milestones(pool: asyncpg.Pool, mentorship: str, closings: Iterable[Closing], now: datetime) -> None:
    """Store how milestones closed, all or none; the first closing stands."""
    async with pool.acquire() as connection, connection.transaction():
        for closing in closings:
            await _close(connection, mentorship, closing, now)


async def _close(db: Db, mentorship: str, closing: Closing, now: datetime) -> None:
    await queries.close_milestone(
        db,
        mentorship_id=mentorship,
        id=closing.milestone,
        silent=list(closing.silent),
        now=now,
    )


async def record_progress(pool: asyncpg.Pool, progress: RecordProgress) -> None:
    """Store the progress of a mentorship's workflow, and since when there is which concern about it."""
    # Concerns have their times, because a digest asks what was true at its moment (decision 7).
    await queries.set_progress(
        pool,
        id=progress.mentorship_id,
        phase=progress.phase,
        outcome=progress.outcome,
        concerns=list(progress.concerns),
        now=progress.now,
    )


async def count_open(db: Db, cohort_id: str, kind: MilestoneKind, now: datetime) -> int:
    """Return how many mentorships of a cohort have not ended at a moment, or are still asked something of this kind."""
    return int(await queries.count_open(db, cohort_id=cohort_id, kind=kind, now=now))


async def mentorships(db: Db, cohort_id: str) -> list[asyncpg.Record]:
    """Return a cohort's mentorship rows by id."""
    return [row async for row in queries.mentorships(db, cohort_id=cohort_id)]


async def quarters(db: Db, ids: Collection[str], now: datetime) -> dict[str, int]:
    """Return the number of the check-in window that each of several mentorships is in, for those that have a plan."""
    rows = queries.quarters(db, ids=list(ids), now=now)
    return {row["mentorship_id"]: row["quarter"] async for row in rows}


async def check_ins(db: Db, cohort_id: str) -> list[asyncpg.Record]:
    """Return what both said in each check-in window of a cohort's mentorships, in order of the windows."""
    return [row async for row in queries.check_ins_of_cohort(db, cohort_id=cohort_id)]


async def milestones(db: Db, cohort_id: str) -> list[asyncpg.Record]:
    """Return the milestone rows of all of a cohort's mentorships, in order of opening."""
    return [row async for row in queries.milestones_of_cohort(db, cohort_id=cohort_id)]


async def outcome_of(db: Db, mentorship: str) -> Outcome | None:
    """Return how a mentorship ended, or None while it is recorded as running."""
    outcome = await queries.outcome_of(db, mentorship_id=mentorship)
    return None if outcome is None else Outcome(outcome)


async def milestones_after(db: Db, mentorship: str, day: date) -> tuple[DueMilestone, ...]:
    """Return the milestones that open after a day and are still in a mentorship's plan, in order."""
    rows = queries.milestones_after(db, mentorship_id=mentorship, day=day)
    return tuple([DueMilestone(**{name: row[name] for name in DueMilestone.model_fields}) async for row in rows])
