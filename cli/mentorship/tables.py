"""A mentorship, its emails to come and the effect of a change, as tables for a terminal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.table import Table

from cli.common.tables import table_of
from cli.mentorship.concerns import concerns_with_advice
from domain.labels import label
from domain.safe_text import one_line
from schemas.emails.digests import PutOff
from schemas.emails.incoming import NotedReply
from schemas.matching.results import ReplacementCandidate
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import Forecast, Progress
from schemas.mentorship.what_if import WhatIf
from services.replies import suggested_command


def progress_table(
    pair: MentorshipPair, progress: Progress, replies: Sequence[NotedReply] = (), put_off: PutOff | None = None
) -> Table:
    """Show a mentorship's progress, what staff should do about its concerns or put off, and who replied to emails."""
    table = Table(title=pair.mentorship_id, title_justify="left", show_header=False, box=None, pad_edge=False)
    due = progress.next_due_at
    facts = {
        "Mentor": f"{pair.mentor.id} {pair.mentor.name}",
        "Mentee": f"{pair.mentee.id} {pair.mentee.name}",
        "From": f"{pair.starts_on} to {progress.ends_on or pair.ends_on}",
        "Phase": f"{progress.phase}, quarter {progress.quarter}",
        "Pauses": ", ".join(f"{pause.from_on} to {pause.until_on}" for pause in progress.pauses) or "none",
        "Next due": _local(pair, due) if due else "–",
        "Waits for": ", ".join(map(_awaited, progress.waiting_for)) or "no one",
        "Outcome": label(progress.outcome or "running"),
        "Concerns": concerns_with_advice(pair.mentorship_id, progress.concerns),
        **({"Put off": f"until {put_off.look_again_on}: {one_line(put_off.note)}"} if put_off else {}),
        "Replies": "\n".join(_reply(pair, reply) for reply in replies) or "none",
    }
    for name, value in facts.items():
        table.add_row(name, value)
    return table


def timeline_table(pair: MentorshipPair, emails: Sequence[Forecast]) -> Table:
    """Show the emails a mentorship will still send if nobody replies."""
    title = f"{pair.mentorship_id}: {len(emails)} emails if nobody replies"
    table = table_of(title, "date", "to", "email", "why", "if nobody replies")
    for email in emails:
        table.add_row(_local(pair, email.at), email.to, label(email.kind), email.why, email.if_nobody_replies)
    return table


def effect_table(pair: MentorshipPair, effect: WhatIf) -> Table | str:
    """Show which emails to come a change adds, moves and drops, in the order of their dates."""
    rows = [
        *((email, "added", None) for email in effect.added),
        *((moved.email, "moved", moved.before) for moved in effect.moved),
        *((email, "dropped", None) for email in effect.dropped),
    ]
    if not rows:
        return "No later email is added, moved, or dropped."
    counts = f"{len(effect.added)} added, {len(effect.moved)} moved, {len(effect.dropped)} dropped"
    table = table_of(f"Later emails: {counts}", "what", "date", "before", "to", "email", "why")
    for email, effect_name, before in sorted(rows, key=lambda row: (row[0].at, row[0].to)):
        table.add_row(
            effect_name,
            _local(pair, email.at),
            _local(pair, before) if before else "",
            email.to,
            label(email.kind),
            email.why,
        )
    return table


def candidates_table(mentorship: str, candidates: Sequence[ReplacementCandidate], names: Mapping[str, str]) -> Table:
    """Show the mentors who could take over, best score first."""
    table = table_of(f"Who could take over {mentorship}", "mentor", "score", "free places")
    for candidate in candidates:
        table.add_row(
            f"{candidate.mentor} {names[candidate.mentor]}", f"{candidate.score / 100:.0f}", str(candidate.free)
        )
    return table


def _reply(pair: MentorshipPair, reply: NotedReply) -> str:
    command = suggested_command(pair.mentorship_id, reply.side, reply.kind)
    line = f"{_local(pair, reply.received_at)} {reply.side or 'someone else'}: {label(reply.kind)}"
    return f"{line}. If this is what they ask for: {command}" if command else line


def _awaited(item: str) -> str:
    side, _, milestone = item.partition(":")
    return f"{side} ({label(milestone)})" if milestone else label(side)


def _local(pair: MentorshipPair, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(pair.cohort.time_zone)):%Y-%m-%d %H:%M}"
