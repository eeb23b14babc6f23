"""The record of a rehearsal: read back from PostgreSQL and Temporal's histories, not from what was scheduled."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import asyncpg

from rehearsal.environment import Environment
from rehearsal.histories import staff_changes
from rehearsal.inbox import plain_text
from rehearsal.participant_emails import emails_per_participant
from rehearsal.rule_checks import find_problems
from runtime.histories import billed_actions, count_events, fetch_runs
from schemas.cohort.folder import CohortFolder
from schemas.enums import Recipient, Side
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
_LINK = re.compile(r"https?://\S+")


async def read_record(environment: Environment, folder: CohortFolder, *, seed: int, seconds: float) -> RehearsalRecord:
    """Read back the result of a rehearsal."""
    settings = folder.settings
    matches: MatchResult = await cohorts.published_matches(environment.pool, settings.id)
    rows = await outbox.emails_of_cohort(environment.pool, settings.id)
    emails = {row["key"]: _email(row, environment, ZoneInfo(settings.time_zone)) for row in rows}
    by_scope = {scope: [emails[row["key"]] for row in group] for scope, group in _grouped(rows, "scope_id").items()}
    records = await _mentorships(environment, folder, by_scope)
    staff = tuple(email for email in emails.values() if email.to is Recipient.STAFF)
    applicant_emails = tuple(email for scope, group in by_scope.items() if is_applicant(scope) for email in group)
    return RehearsalRecord(
        cohort=settings.id,
        seed=seed,
        kickoff_on=settings.kickoff_day,
        seconds=round(seconds, 1),
        people={"mentors": len(folder.mentors), "participants": len(folder.mentees)},
        unmatched=tuple(UnmatchedRecord(id=unplaced.mentee, why=unplaced.why) for unplaced in matches.unplaced),
        mentorships=records,
        staff_emails=staff,
        applicant_emails=applicant_emails,
        emails_per_participant=tuple(emails_per_participant(records)),
        problems=tuple(find_problems(records, (*staff, *applicant_emails))),
    )


async def _mentorships(
    environment: Environment, folder: CohortFolder, emails: Mapping[str, Sequence[EmailRecord]]
) -> tuple[MentorshipRecord, ...]:
    pool, cohort_id, zone = environment.pool, folder.settings.id, ZoneInfo(folder.settings.time_zone)
    milestones_by_mentorship = _grouped(await mentorships.milestones(pool, cohort_id), "mentorship_id")
    check_ins_by_mentorship = _grouped(await mentorships.check_ins(pool, cohort_id), "mentorship_id")
    responses_by_mentorship = _grouped(await responses.responses_of_cohort(pool, cohort_id), "mentorship_id")
    versions_by_mentorship = _grouped(await rehearsals.agreements(pool, cohort_id), "mentorship_id")
    rows = await mentorships.mentorships(pool, cohort_id)
    successors = {row["predecessor_id"]: row["id"] for row in rows}
    records = []
    for row in rows:
        runs = await fetch_runs(environment.client, mentorship_workflow_id(row["id"]))
        records.append(
            MentorshipRecord(
                id=row["id"],
                mentor=row["mentor_id"],
                mentee=row["mentee_id"],
                score=row["score"],
                outcome=row["outcome"],
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
                quarters=tuple(_quarters(folder.settings.kickoff_day, check_ins_by_mentorship[row["id"]])),
                emails=tuple(email for email in emails.get(row["id"], ()) if email.to is not Recipient.STAFF),
                responses=tuple(_responses(responses_by_mentorship[row["id"]], zone)),
                runs=len(runs),
                events=count_events(runs),
                actions=billed_actions(runs),
                predecessor=row["predecessor_id"],
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


def _email(row: asyncpg.Record, environment: Environment, zone: ZoneInfo) -> EmailRecord:
    sent = row["state"] == "sent"
    text = plain_text(environment.inbox.message(environment.settings, row["key"])) if sent else ""
    return EmailRecord(
        key=row["key"],
        kind=row["kind"],
        to=row["recipient"],
        automatic=row["automatic"],
        at=_local_minute(row["due_at"], zone),
        subject=row["subject"],
        state=row["state"],
        asks=tuple(ask["milestone"] for ask in json.loads(row["asks"])),
        # Links carry tokens, which are different in each rehearsal.
        text=" ".join(_LINK.sub("<link>", text).split()),
    )


def _local_minute(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a local moment to the minute: staff's actions take different fractions of a second in each rehearsal."""
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
    confirmed = {side: row[f"{side}_confirmed_at"] for side in Side}
    return AgreementVersionRecord(
        version=row["version"],
        written_by=row["written_by"],
        at=_local_minute(row["written_at"], zone),
        **{f"{side}_agreed_at": moment and _local_minute(moment, zone) for side, moment in confirmed.items()},
    )


def _quarters(starts_on: date, rows: list[asyncpg.Record]) -> Iterable[QuarterRecord]:
    """Yield the check-in windows, which are over by now; each begins where the one before it ended."""
    opens_on = starts_on
    for row in rows:
        yield QuarterRecord(
            number=row["number"],
            opens_on=opens_on,
            closes_on=row["closes_on"],
            mentor=row["mentor_status"],
            mentee=row["mentee_status"],
        )
        opens_on = row["closes_on"]


def _responses(rows: list[asyncpg.Record], zone: ZoneInfo) -> Iterable[SentResponseRecord]:
    # The last revision counts, as in the program.
    last = {row["id"]: row for row in sorted(rows, key=lambda row: row["revision"])}
    for row in sorted(last.values(), key=lambda row: (row["received_at"], row["id"])):
        yield SentResponseRecord(
            id=row["id"],
            form=row["form"],
            side=row["side"],
            at=_local_minute(row["received_at"], zone),
            revision=row["revision"],
        )
