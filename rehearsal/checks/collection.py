"""Collecting the evidence for the promises: the mailbox, PostgreSQL, the pages seen, and Temporal's histories."""

import json
from email.message import EmailMessage

import asyncpg

from rehearsal.checks.evidence import AgreementEvidence, EmailEvidence, Evidence, PreKickoffEvidence, ResponseEvidence
from rehearsal.checks.privacy import SHORTEST_WORDS, private_texts
from rehearsal.environment import Environment
from rehearsal.http_client import open_page
from rehearsal.inbox import plain_text
from rehearsal.program_events import program_events
from runtime.histories import fetch_runs
from schemas.cohort.folder import CohortFolder
from schemas.cohort.settings import CohortSettings
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.rehearsal import RehearsalRecord
from schemas.report.figures import Report
from storage import cohorts, kickoff, opportunities, outbox, proposals, rehearsals, reports, responses
from storage.applicants import keep_apart_requests
from storage.imports import stored_applications
from web.documents.report import report_page


async def collect_evidence(environment: Environment, folder: CohortFolder, record: RehearsalRecord) -> Evidence:
    """Read back everything of a rehearsal that its record does not contain."""
    cohort = folder.settings.id
    report = await reports.report(environment.pool, cohort)
    answers = tuple(_answer(row) for row in await responses.responses_of_cohort(environment.pool, cohort))
    pre_kickoff = await _pre_kickoff(environment, folder.settings)
    return Evidence(
        record=record,
        settings=folder.settings,
        emails=tuple(
            _received_email(environment, row)
            for row in await outbox.emails_of_cohort(environment.pool, cohort)
            if _sent(row)
        ),
        answers=answers,
        agreements=tuple(_agreement(row) for row in await rehearsals.agreements(environment.pool, cohort)),
        pages=tuple(page for page in environment.pages_seen.pages if page.mentorship.startswith(f"{cohort}-")),
        guidance_page=(await open_page(environment.http, f"{environment.settings.public_url}/guidance")).html,
        report_page=_report_page(report, folder),
        mentors=folder.mentors,
        mentees=folder.mentees,
        personas=dict(folder.personas),
        choices=tuple(
            choice for choice in environment.pages_seen.choices if choice.mentorship.startswith(f"{cohort}-")
        ),
        taken_up={
            one.title: one.taken_up for one in await opportunities.listed_opportunities(environment.pool, cohort)
        },
        leaked_to_temporal=await _leaked_to_temporal(environment, record, answers, pre_kickoff),
        pre_kickoff=pre_kickoff,
        report=report,
    )


def _report_page(report: Report | None, folder: CohortFolder) -> str:
    return report_page(report, folder.settings) if report else ""


async def _pre_kickoff(environment: Environment, settings: CohortSettings) -> PreKickoffEvidence:
    cohort, earlier = settings.id, program_events(settings).earlier.settings.id
    earlier_pages = [page.html for page in environment.pages_seen.public_pages if page.cohort == earlier]
    return PreKickoffEvidence(
        public_pages=tuple(page for page in environment.pages_seen.public_pages if page.cohort == cohort),
        forms=tuple(page for page in environment.pages_seen.forms if page.cohort == cohort),
        inquiries=tuple(inquiry for inquiry in environment.pages_seen.inquiries if inquiry.inquiry.cohort_id == cohort),
        applications=await stored_applications(environment.pool, cohort),
        proposals=await proposals.proposals(environment.pool, cohort),
        guests=await kickoff.guests(environment.pool, cohort),
        keep_apart=await keep_apart_requests(environment.pool, cohort),
        pairs=(await cohorts.published_matches(environment.pool, cohort)).pairs,
        earlier_page=earlier_pages[-1] if earlier_pages else "",
        earlier_applications=await stored_applications(environment.pool, earlier),
    )


async def _leaked_to_temporal(
    environment: Environment,
    record: RehearsalRecord,
    answers: tuple[ResponseEvidence, ...],
    pre_kickoff: PreKickoffEvidence,
) -> tuple[str, ...]:
    texts = {text for _, texts in private_texts(answers, pre_kickoff) for text in texts}
    words = {text for text in texts if len(text) > SHORTEST_WORDS and " " in text}
    workflows = [
        cohort_workflow_id(record.cohort),
        *(mentorship_workflow_id(mentorship.id) for mentorship in record.mentorships),
    ]
    histories = [run for workflow in workflows for run in await fetch_runs(environment.client, workflow)]
    events = "\n".join(event.SerializeToString().decode(errors="replace") for run in histories for event in run.events)
    # Payloads are JSON, in which quotation marks and line ends are written otherwise.
    in_json = {text: json.dumps(text, ensure_ascii=False)[1:-1] for text in words}
    return tuple(sorted(text for text, escaped in in_json.items() if text in events or escaped in events))


def _sent(row: asyncpg.Record) -> bool:
    return bool(row["state"] == "sent")


def _received_email(environment: Environment, row: asyncpg.Record) -> EmailEvidence:
    message = environment.inbox.message(environment.settings, row["key"])
    return EmailEvidence(
        key=row["key"],
        mentorship=row["scope_id"],
        kind=row["kind"],
        to=row["recipient"],
        at=row["due_at"],
        subject=row["subject"],
        # Quoted answers are unwrapped, so that they can be found word by word.
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
        milestone=row["milestone_id"],
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
        in_force_since=max(agreed) if all(agreed) else None,
    )
