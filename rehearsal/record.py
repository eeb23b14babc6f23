"""The record of a rehearsal: read back from PostgreSQL and the engine's histories, not from what was intended."""

from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import asyncpg
from temporalio.client import Client

from domain.terms import terms_of
from domain.timeline import quarters
from rehearsal.findings import problems_of
from rehearsal.histories import billed_actions, count_events, runs_of
from schemas.folders import CohortFolder
from schemas.ids import mentorship_workflow_id
from schemas.matching import MatchResult
from schemas.rehearsal import (
    EmailPlayed,
    MentorshipPlayed,
    QuarterPlayed,
    RehearsalRecord,
    ResponsePlayed,
    UnmatchedPerson,
)
from schemas.words import MilestoneKind, Recipient
from storage import cohorts, correspondence, mentorships, responses

Rows = dict[str, list[asyncpg.Record]]


async def record_of(
    pool: asyncpg.Pool, client: Client, folder: CohortFolder, *, seed: int, seconds: float
) -> RehearsalRecord:
    """Read back what a rehearsal came to."""
    settings = folder.settings
    zone = ZoneInfo(settings.time_zone)
    matches: MatchResult = await cohorts.published_matches(pool, settings.id)
    emails = await correspondence.emails(pool, settings.id)
    played = await _mentorships(pool, client, folder, emails)
    staff = tuple(_email(row, zone) for row in emails if row["recipient"] == Recipient.STAFF)
    return RehearsalRecord(
        cohort=settings.id,
        seed=seed,
        kickoff_on=settings.kickoff,
        seconds=round(seconds, 1),
        people={"mentors": len(folder.mentors), "participants": len(folder.participants)},
        unmatched=tuple(UnmatchedPerson(id=one.participant, why=one.why) for one in matches.unplaced),
        mentorships=played,
        staff_emails=staff,
        problems=tuple(problems_of(played, staff)),
    )


async def _mentorships(
    pool: asyncpg.Pool, client: Client, folder: CohortFolder, emails: list[asyncpg.Record]
) -> tuple[MentorshipPlayed, ...]:
    cohort_id, zone = folder.settings.id, ZoneInfo(folder.settings.time_zone)
    by_scope = _grouped(emails, "scope_id")
    windows = _grouped(await mentorships.milestones(pool, cohort_id), "mentorship_id")
    answers = _grouped(await responses.responses(pool, cohort_id), "mentorship_id")
    played = []
    for row in await mentorships.mentorships(pool, cohort_id):
        runs = await runs_of(client, mentorship_workflow_id(row["id"]))
        own = [email for email in by_scope[row["id"]] if email["recipient"] != Recipient.STAFF]
        played.append(
            MentorshipPlayed(
                id=row["id"],
                mentor=row["mentor_id"],
                mentee=row["mentee_id"],
                score=row["score"],
                outcome=row["outcome"],
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
                quarters=tuple(_quarters(folder, row["id"], windows[row["id"]])),
                emails=tuple(_email(email, zone) for email in own),
                responses=tuple(_responses(answers[row["id"]], zone)),
                runs=len(runs),
                events=count_events(runs),
                actions=billed_actions(runs),
            )
        )
    return tuple(played)


def _grouped(rows: list[asyncpg.Record], column: str) -> Rows:
    groups: Rows = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _email(row: asyncpg.Record, zone: ZoneInfo) -> EmailPlayed:
    return EmailPlayed(
        key=row["key"],
        kind=row["kind"],
        to=row["recipient"],
        automatic=row["automatic"],
        at=row["due_at"].astimezone(zone),
        subject=row["subject"],
        state=row["state"],
    )


def _quarters(folder: CohortFolder, mentorship: str, rows: list[asyncpg.Record]) -> Iterable[QuarterPlayed]:
    opened = {number: first for number, first, _ in quarters(terms_of(folder.settings, mentorship))}
    for row in rows:
        if row["kind"] == MilestoneKind.CHECK_IN and row["closed_at"]:
            yield QuarterPlayed(
                number=row["number"],
                opens_on=opened[row["number"]],
                closes_on=row["closes_on"],
                mentor=row["mentor_status"],
                mentee=row["mentee_status"],
            )


def _responses(rows: list[asyncpg.Record], zone: ZoneInfo) -> Iterable[ResponsePlayed]:
    last = {row["id"]: row for row in sorted(rows, key=lambda row: row["revision"])}
    for row in sorted(last.values(), key=lambda row: (row["received_at"], row["id"])):
        yield ResponsePlayed(
            id=row["id"],
            form=row["form"],
            side=row["side"],
            at=row["received_at"].astimezone(zone),
            revision=row["revision"],
        )
