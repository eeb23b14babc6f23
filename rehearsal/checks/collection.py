"""Gathering what the promises are judged by: the mailbox, PostgreSQL, the pages seen, the engine's histories."""

import json
from email.message import EmailMessage

import asyncpg

from rehearsal.checks.evidence import AgreementEvidence, EmailEvidence, Evidence, PreKickoffEvidence, ResponseEvidence
from rehearsal.environment import Environment
from rehearsal.histories import runs_of
from rehearsal.inbox import plain_text
from schemas.cohort.folder import CohortFolder
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.rehearsal import RehearsalRecord
from storage import kickoff, outbox, proposals, rehearsals, reports, responses
from storage.imports import stored_applications

# A free word is longer than this; a shorter one may be part of anything.
SHORTEST_WORDS = 12


async def evidence_of(stage: Environment, folder: CohortFolder, record: RehearsalRecord) -> Evidence:
    """Read back all that a rehearsal left behind its record."""
    cohort = folder.settings.id
    answers = tuple(_answer(row) for row in await responses.responses(stage.pool, cohort))
    return Evidence(
        record=record,
        settings=folder.settings,
        letters=tuple(_letter(stage, row) for row in await outbox.emails(stage.pool, cohort) if _sent(row)),
        answers=answers,
        agreements=tuple(_agreement(row) for row in await rehearsals.agreements(stage.pool, cohort)),
        pages=tuple(page for page in stage.seen.pages if page.mentorship.startswith(f"{cohort}-")),
        capacity={mentor.id: mentor.capacity for mentor in folder.mentors},
        said_to_engine=await _said_to_engine(stage, record, answers),
        gathered=await _gathered(stage, cohort),
        report=await reports.report(stage.pool, cohort),
    )


async def _gathered(stage: Environment, cohort: str) -> PreKickoffEvidence:
    return PreKickoffEvidence(
        openings=tuple(page for page in stage.seen.openings if page.cohort == cohort),
        forms=tuple(page for page in stage.seen.forms if page.cohort == cohort),
        asked=tuple(each for each in stage.seen.asked if each.inquiry.cohort_id == cohort),
        applications=await stored_applications(stage.pool, cohort),
        proposals=await proposals.proposals(stage.pool, cohort),
        guests=await kickoff.people(stage.pool, cohort),
    )


async def _said_to_engine(
    stage: Environment, record: RehearsalRecord, answers: tuple[ResponseEvidence, ...]
) -> tuple[str, ...]:
    words = {text for each in answers for text in each.answers.values() if len(text) > SHORTEST_WORDS and " " in text}
    workflows = [cohort_workflow_id(record.cohort), *(mentorship_workflow_id(one.id) for one in record.mentorships)]
    histories = [run for workflow in workflows for run in await runs_of(stage.client, workflow)]
    remembered = "\n".join(
        event.SerializeToString().decode(errors="replace") for run in histories for event in run.events
    )
    return tuple(sorted(text for text in words if text in remembered))


def _sent(row: asyncpg.Record) -> bool:
    return bool(row["state"] == "sent")


def _letter(stage: Environment, row: asyncpg.Record) -> EmailEvidence:
    message = stage.letters.message(stage.settings, row["key"])
    return EmailEvidence(
        key=row["key"],
        mentorship=row["scope_id"],
        kind=row["kind"],
        to=row["recipient"],
        at=row["due_at"],
        subject=row["subject"],
        text=" ".join(plain_text(message).replace("\n> ", "\n").split()),
        reply_to=str(message["Reply-To"]),
        sent_to=str(message["To"]),
        calendar=_calendar(message),
        asks=tuple(ask["milestone"] for ask in json.loads(row["asks"])),
        automatic=row["automatic"],
    )


def _calendar(message: EmailMessage) -> str:
    enclosed = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    return next((str(part.get_content()) for part in enclosed), "")


def _answer(row: asyncpg.Record) -> ResponseEvidence:
    return ResponseEvidence(
        mentorship=row["mentorship_id"],
        milestone=row["milestone"],
        kind=row["form"],
        side=row["side"],
        at=row["received_at"],
        answers=json.loads(row["answers"]),
    )


def _agreement(row: asyncpg.Record) -> AgreementEvidence:
    agreed = (row["mentor_confirmed_at"], row["mentee_confirmed_at"])
    return AgreementEvidence(
        mentorship=row["mentorship_id"],
        version=row["version"],
        contents=json.loads(row["contents"]),
        stands_since=max(agreed) if all(agreed) else None,
    )
