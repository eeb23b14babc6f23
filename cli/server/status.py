"""``mile status``: how the service stands, on one screen."""

from datetime import datetime, timedelta

from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json
from cli.common.tables import facts_table, print_table
from schemas.emails.messages import SenderStatus
from schemas.enums import EmailState
from schemas.service_status import EngineStatus, NamedWorkflows, ScheduleStatus, ServiceStatus, StoredStatus
from services.context import ServiceContext
from services.service_status import service_status


def status_command(as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """Show what waits, what fails and who is at work, on one screen."""
    # Lazy: what PostgreSQL says is shown while Temporal is away.
    status = call_service(folder, _status, lazy=True)
    if as_json:
        print_json(status)
        return
    facts = _stored(status.stored, status.at) if status.stored else {"PostgreSQL": "does not answer"}
    facts |= _engine(status.engine, status.at) if status.engine else {"Temporal": "does not answer"}
    print_table(facts_table(f"{status.at:%Y-%m-%d %H:%M} UTC", facts))


async def _status(services: ServiceContext) -> ServiceStatus:
    return await service_status(services.pool, services.client, services.settings)


def _stored(stored: StoredStatus, now: datetime) -> dict[str, str]:
    emails = {one.state: one for one in stored.emails}
    waiting = [emails[EmailState.QUEUED], emails[EmailState.SENDING]]
    since = min((one.since for one in waiting if one.since), default=None)
    late = f", the oldest for {_for(now - since)}" if since and since < now else ""
    pending = stored.unsignaled_since
    lag = f", the oldest for {_for(now - pending)}" if pending and pending < now else ""
    return {
        "Mentorships": f"{stored.mentorships} run; {stored.mentorships_with_concerns} need staff, "
        f"{stored.silent_mentorships} silent",
        "Emails": f"{sum(one.emails for one in waiting)} wait{late}; "
        + ", ".join(f"{emails[state].emails} {state}" for state in EmailState if state not in _WAITING),
        "Stuck emails": f"{stored.stuck_emails} (mile emails stuck)" if stored.stuck_emails else "none",
        "Email sender": _sender(stored.sender, now),
        "Responses": f"{stored.responses}; {stored.unsignaled_responses} not signaled{lag}",
    }


_WAITING = {EmailState.QUEUED, EmailState.SENDING}


def _sender(sender: SenderStatus | None, now: datetime) -> str:
    if sender is None:
        return "none ever ran (mile worker)"
    if sender.paused_since:
        return f"the relay accepts nothing for {_for(now - sender.paused_since)} ({sender.pause_cause})"
    return f"last at work {_for(now - sender.seen_at)} ago" if not sender.is_at_work(now) else "at work"


def _engine(engine: EngineStatus, now: datetime) -> dict[str, str]:
    return {
        "Workers": f"{engine.workers} polling" if engine.workers else "none polls (mile worker)",
        "Stuck workflows": _named(engine.stuck),
        "Overdue workflows": _named(engine.overdue),
    } | {f"Schedule {schedule.id}": _schedule(schedule, now) for schedule in engine.schedules}


def _named(found: NamedWorkflows) -> str:
    if not found.workflows:
        return "none"
    return f"{found.workflows}: {', '.join(found.ids)}{' and others' if found.workflows > len(found.ids) else ''}"


def _schedule(schedule: ScheduleStatus, now: datetime) -> str:
    if schedule.last_run_at is None:
        return "missing (a worker makes it when it starts)"
    paused = "paused; " if schedule.paused else ""
    late = "late; " if schedule.late else ""
    return f"{paused}{late}last run {_for(now - schedule.last_run_at)} ago"


def _for(time: timedelta) -> str:
    seconds = max(0, round(time.total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}{'' if seconds // length == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
