"""The record of a rehearsal: read back from PostgreSQL and the engine's histories, not from what was intended."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import asyncpg
from temporalio.client import Client

from rehearsal.histories import billed_actions, count_events, fetch_runs, staff_changes
from rehearsal.rule_checks import find_problems
from schemas.cohort.folder import CohortFolder
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.ids import is_applicant, mentorship_workflow_id
from schemas.matching.results import MatchResult
from schemas.rehearsal import (
    AgreementVersionRecord,
    EmailRecord,
    MentorshipRecord,
    MilestoneRecord,
    QuarterRecord,
    RehearsalRecord,
    SentResponseRecord,
    UnmatchedRecord,
)
from storage import cohorts, mentorships, outbox, rehearsals, responses

Rows = dict[str, list[asyncpg.Record]]


async def read_record(
    pool: asyncpg.Pool, client: Client, folder: CohortFolder, *, seed: int, seconds: float
) -> RehearsalRecord:
    """Read back what a rehearsal came to."""
    settings = folder.settings
    zone = ZoneInfo(settings.time_zone)
    matches: MatchResult = await cohorts.published_matches(pool, settings.id)
    emails = await outbox.emails_of_cohort(pool, settings.id)
    records = await _mentorships(pool, client, folder, emails)
    staff = tuple(_email(row, zone) for row in emails if row["recipient"] == Recipient.STAFF)
    applicant_emails = tuple(_email(row, zone) for row in emails if is_applicant(row["scope_id"]))
    return RehearsalRecord(
        cohort=settings.id,
        seed=seed,
        kickoff_on=settings.kickoff,
        seconds=round(seconds, 1),
        people={"mentors": len(folder.mentors), "participants": len(folder.mentees)},
        unmatched=tuple(UnmatchedRecord(id=unplaced.mentee, why=unplaced.why) for unplaced in matches.unplaced),
        mentorships=records,
        staff_emails=staff,
        applicant_emails=applicant_emails,
        problems=tuple(find_problems(records, (*staff, *applicant_emails))),
    )


async def _mentorships(
    pool: asyncpg.Pool, client: Client, folder: CohortFolder, emails: list[asyncpg.Record]
) -> tuple[MentorshipRecord, ...]:
    cohort_id, zone = folder.settings.id, ZoneInfo(folder.settings.time_zone)
    by_scope = _grouped(emails, "scope_id")
    milestones_by_mentorship = _grouped(await mentorships.milestones(pool, cohort_id), "mentorship_id")
    responses_by_mentorship = _grouped(await responses.responses_of_cohort(pool, cohort_id), "mentorship_id")
    versions_by_mentorship = _grouped(await rehearsals.agreements(pool, cohort_id), "mentorship_id")
    rows = await mentorships.mentorships(pool, cohort_id)
    successors = {row["predecessor"]: row["id"] for row in rows}
    records = []
    for row in rows:
        runs = await fetch_runs(client, mentorship_workflow_id(row["id"]))
        participant_emails = [email for email in by_scope[row["id"]] if email["recipient"] != Recipient.STAFF]
        records.append(
            MentorshipRecord(
                id=row["id"],
                mentor=row["mentor_id"],
                mentee=row["mentee_id"],
                score=row["score"],
                outcome=row["outcome"],
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
                quarters=tuple(_quarters(folder.settings.kickoff, milestones_by_mentorship[row["id"]])),
                emails=tuple(_email(email, zone) for email in participant_emails),
                responses=tuple(_responses(responses_by_mentorship[row["id"]], zone)),
                runs=len(runs),
                events=count_events(runs),
                actions=billed_actions(runs),
                predecessor=row["predecessor"],
                successor=successors.get(row["id"]),
                milestones=tuple(
                    _milestone(due) for due in milestones_by_mentorship[row["id"]] if due["dropped_at"] is None
                ),
                agreement=tuple(_version(version, zone) for version in versions_by_mentorship[row["id"]]),
                changes=staff_changes(runs),
            )
        )
    return tuple(records)


def _grouped(rows: list[asyncpg.Record], column: str) -> Rows:
    groups: Rows = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _email(row: asyncpg.Record, zone: ZoneInfo) -> EmailRecord:
    return EmailRecord(
        key=row["key"],
        kind=row["kind"],
        to=row["recipient"],
        automatic=row["automatic"],
        at=_to_the_minute(row["due_at"], zone),
        subject=row["subject"],
        state=row["state"],
        asks=tuple(ask["milestone"] for ask in json.loads(row["asks"])),
    )


def _to_the_minute(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a local moment as every play of one seed has it: what staff do takes another split second in each."""
    return moment.astimezone(zone).replace(second=0, microsecond=0)


def _milestone(row: asyncpg.Record) -> MilestoneRecord:
    return MilestoneRecord(
        id=row["id"],
        kind=row["kind"],
        asked=tuple(row["asked"]),
        opens_on=row["opens_on"],
        closes_on=row["closes_on"],
        closed=row["closed_at"] is not None,
        silent=tuple(row["silent"] or ()),
    )


def _version(row: asyncpg.Record, zone: ZoneInfo) -> AgreementVersionRecord:
    agreed = {side: row[f"{side}_confirmed_at"] for side in Side}
    return AgreementVersionRecord(
        version=row["version"],
        written_by=row["written_by"],
        at=_to_the_minute(row["written_at"], zone),
        **{f"{side}_agreed_at": moment and _to_the_minute(moment, zone) for side, moment in agreed.items()},
    )


def _quarters(starts_on: date, rows: list[asyncpg.Record]) -> Iterable[QuarterRecord]:
    """Yield the windows that closed; each begins where the one before it ended."""
    opens_on = starts_on
    for row in sorted((row for row in rows if row["kind"] == MilestoneKind.CHECK_IN), key=lambda row: row["number"]):
        if row["closed_at"]:
            yield QuarterRecord(
                number=row["number"],
                opens_on=opens_on,
                closes_on=row["closes_on"],
                mentor=row["mentor_status"],
                mentee=row["mentee_status"],
            )
        opens_on = row["closes_on"]


def _responses(rows: list[asyncpg.Record], zone: ZoneInfo) -> Iterable[SentResponseRecord]:
    last = {row["id"]: row for row in sorted(rows, key=lambda row: row["revision"])}
    for row in sorted(last.values(), key=lambda row: (row["received_at"], row["id"])):
        yield SentResponseRecord(
            id=row["id"],
            form=row["form"],
            side=row["side"],
            at=_to_the_minute(row["received_at"], zone),
            revision=row["revision"],
        )
