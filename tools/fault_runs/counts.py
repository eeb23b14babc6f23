"""What a run lost, repeated or left stuck, counted from what relay, PostgreSQL and Temporal have of it.

None of it asks the service how it fared: emails are counted in the relay's Maildir, answers where a page accepted them,
signals in the histories of the workflows.
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import asyncpg
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from emails.links import token_hash
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.state import Progress
from tools.fault_runs.classes import PAIRS, FaultClass
from tools.fault_runs.injection import FaultInterval
from tools.fault_runs.participants import CUT_OFF, NO_ANSWER, Accepted, FailedRequest, Participants, Received
from tools.fault_runs.stack import FaultStack, Part

# How long before a fault an email may have been handed over, so that the fault came between relay and record.
AMBIGUOUS_SECONDS = 2.0
ANSWERED_WITHIN = timedelta(seconds=5)
NOT_EXCUSED = "which no fault of the pages excuses"
# The server sets this attribute where the steps of a workflow keep failing.
PROBLEMS = "TemporalReportedProblems"

ROWS = """
select key, scope_id, cohort_id, kind, recipient, state, message_id, attempts, failure from outbox
where cohort_id = any($1)
"""
RESPONSES = """
select r.id, r.revision, r.mentorship_id, r.milestone_id, r.side, r.signaled_at,
    r.answers::text || coalesce((
        select string_agg(a.contents::text, ' ') from agreement a where a.mentorship_id = r.mentorship_id
    ), '') as words
from response r join mentorship m on m.id = r.mentorship_id where m.cohort_id = any($1)
"""
LINKS = "select token_hash, mentorship_id, milestone, side from link where token_hash = any($1)"
MENTORSHIPS = "select id, cohort_id from mentorship where cohort_id = any($1) order by id"


class Signal(NamedTuple):
    """A response as a workflow was told of it."""

    mentorship: str
    milestone: str
    side: str
    revision: int


@dataclass
class FaultCounts:
    """The counts of one run; each list has what is wrong, by its key or id."""

    responses: int = 0
    emails: int = 0
    repeats: int = 0
    lost_responses: list[str] = field(default_factory=list)
    lost_emails: list[str] = field(default_factory=list)
    wrong_repeats: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)

    @property
    def faulty(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(
            self.lost_responses or self.lost_emails or self.wrong_repeats or self.stuck or self.failed_without_excuse
        )

    @property
    def failed_without_excuse(self) -> list[str]:
        """Return the requests that failed though the pages ran."""
        return [why for why in self.failed.elements() if why.endswith(NOT_EXCUSED)]


async def count(
    stack: FaultStack, classes: Sequence[FaultClass], people: Participants, intervals: Sequence[FaultInterval]
) -> FaultCounts:
    """Count one run as it stands now."""
    ids = [each.settings.id for each in classes]
    async with stack.database() as database:
        outbox, responses = await _rows(database, ROWS, ids), await _rows(database, RESPONSES, ids)
        hashes = [token_hash(one.token) for one in people.accepted]
        links = {row["token_hash"]: row for row in await _rows(database, LINKS, hashes)}
        mentorships = [row["id"] for row in await database.fetch(MENTORSHIPS, ids)]
    counts = FaultCounts(responses=len(people.accepted), keys={row["key"] for row in outbox})
    signals: set[Signal] = set()
    signals.update(*await asyncio.gather(*(_signals(stack.client, id_) for id_ in mentorships)))
    counts.lost_responses += count_responses(people.accepted, links, responses, signals)
    count_emails(counts, outbox, people.mailbox.received, intervals)
    counts.lost_responses += ["words typed, not on the page that asks to try again"] * people.words_lost
    counts.failed = reasons(people.failed, intervals)
    counts.stuck += [f"refused: {why}" for why in people.refused]
    counts.stuck += [f"signaled, not recorded: {row['id']}" for row in responses if row["signaled_at"] is None]
    if len(mentorships) < PAIRS * len(classes):
        counts.stuck.append(f"{len(mentorships)} of {PAIRS * len(classes)} mentorships started")
    workflows = [*map(cohort_workflow_id, ids), *map(mentorship_workflow_id, mentorships)]
    counts.stuck += [why for why in await asyncio.gather(*(_stuck(stack.client, id_) for id_ in workflows)) if why]
    return counts


async def _rows(database: asyncpg.Connection, query: str, among: Sequence[object]) -> list[dict[str, Any]]:
    return [dict(row) for row in await database.fetch(query, among)]


def count_responses(
    accepted: Sequence[Accepted],
    links: Mapping[bytes, Mapping[str, Any]],
    responses: Sequence[Mapping[str, Any]],
    signals: set[Signal],
) -> Iterator[str]:
    """Yield what a page accepted and PostgreSQL does not have, and what a workflow was not told of."""
    for one in accepted:
        if not _is_stored(one, links, responses):
            yield f"not stored: {one.words or 'a confirmation'}"
    for row in responses:
        if Signal(row["mentorship_id"], row["milestone_id"], row["side"], row["revision"]) not in signals:
            yield f"not in the workflow: {row['id']}/{row['revision']}"


def _is_stored(one: Accepted, links: Mapping[bytes, Mapping[str, Any]], responses: Sequence[Mapping[str, Any]]) -> bool:
    link = links.get(token_hash(one.token))
    return link is not None and any(
        one.words in row["words"]
        for row in responses
        if (row["mentorship_id"], row["milestone_id"], row["side"])
        == (link["mentorship_id"], one.step or link["milestone"], link["side"])
    )


def count_emails(
    counts: FaultCounts,
    outbox: Sequence[Mapping[str, Any]],
    received: Sequence[Received],
    intervals: Sequence[FaultInterval],
) -> None:
    """Add what arrived, did not arrive, or arrived more than once, of the emails in the outbox."""
    arrived = defaultdict(list)
    for one in received:
        arrived[one.message_id].append(one)
    for row in outbox:
        copies = arrived[row["message_id"]]
        if row["state"] != "sent":
            counts.stuck.append(f"{row['state']}: {row['key']} {row['failure'] or ''}".strip())
        elif not copies:
            counts.lost_emails.append(f"sent, not received: {row['key']}")
        counts.emails += bool(copies)
        counts.repeats += max(len(copies) - 1, 0)
        counts.wrong_repeats += [f"{row['key']}: {why}" for why in _wrong(copies, row["attempts"], intervals)]


def reasons(failed: Sequence[FailedRequest], intervals: Sequence[FaultInterval]) -> Counter[str]:
    """Return how many requests failed for which reason: what came of them, and the fault of the pages that was on.

    Pages that are killed or stand still cut requests off, and whoever sent one sends it again. Nothing else may.
    """
    found: Counter[str] = Counter()
    for one in failed:
        on = [
            str(each.fault)
            for each in intervals
            if each.fault.part is Part.WEB and each.began <= one.ended and one.began <= each.ended
        ]
        is_excused = on and one.what in {CUT_OFF, NO_ANSWER}
        found[f"{one.method} {one.what}, {' and '.join(on) if is_excused else NOT_EXCUSED}"] += 1
    return found


def _wrong(copies: Sequence[Received], attempts: int, intervals: Sequence[FaultInterval]) -> Iterator[str]:
    """Yield why copies of an email are no repetition of an attempt that may have failed."""
    for before, after in pairwise(copies):
        if before.content != after.content:
            yield "the bytes differ"
        if not any(one.began <= after.at and one.ended >= before.at - AMBIGUOUS_SECONDS for one in intervals):
            yield "no fault came between"
    if len(copies) > attempts:
        yield f"{len(copies)} copies of {attempts} attempts"


async def _signals(client: Client, mentorship: str) -> set[Signal]:
    """Return the responses in all runs of a mentorship's workflow."""
    id_, run, signals = mentorship_workflow_id(mentorship), None, set[Signal]()
    while True:
        try:
            history = await client.get_workflow_handle(id_, run_id=run).fetch_history()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return signals
            raise
        for event in history.events:
            told = event.workflow_execution_signaled_event_attributes
            if told.signal_name == "response_received":
                for body in json.loads(told.input.payloads[0].data)["body"]["answers"]:
                    signals.add(Signal(mentorship, body["milestone"], body["side"], body["revision"]))
        run = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not run:
            return signals


async def _stuck(client: Client, workflow_id: str) -> str | None:
    """Return what a workflow is stuck at, or None where it waits for a moment that is still to come."""
    handle = client.get_workflow_handle(workflow_id)
    try:
        described = (await handle.describe(rpc_timeout=ANSWERED_WITHIN)).raw_description
    except RPCError as error:
        return f"{workflow_id}: {error.status.name}"
    execution = described.workflow_execution_info
    findings = {
        "it has ended": execution.status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING,
        "its steps fail": PROBLEMS in execution.search_attributes.indexed_fields,
        "an activity is not done": bool(described.pending_activities),
        "it is busy, or does not answer": workflow_id.startswith("mentorship-") and not await _is_at_rest(handle),
    }
    return next((f"{workflow_id}: {what}" for what, found in findings.items() if found), None)


async def _is_at_rest(mentorship: WorkflowHandle[object, object]) -> bool:
    try:
        progress = await mentorship.query("progress", result_type=Progress, rpc_timeout=ANSWERED_WITHIN)
    except (RPCError, WorkflowQueryFailedError):
        return False
    return not progress.busy and progress.next_due_at is not None and progress.next_due_at > progress.now
