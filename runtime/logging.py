"""The service's log: JSON lines of static events and ids, in which tokens and addresses are redacted."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

# A token of any link (emails/links.py). A path may reach the log through a library's own message.
TOKEN = re.compile(r"(?<=[/=])[a-z2-7]{26}(?![a-z2-7])", re.IGNORECASE)
ADDRESS = re.compile(r"[^\s@<>\"'=,;:(){}\[\]]+@[^\s@<>\"'=,;:(){}\[\]]+\.[^\W\d_]{2,}")

# Fields of a line of Temporal's Core that never hold a payload or a failure's own words.
CORE_FIELDS = ("workflow_id", "run_id", "workflow_type", "task_queue", "worker_task_queue", "namespace", "attempt")

# Their own lines name queries, hosts and requests; what matters is logged by the service itself.
QUIET = ("asyncio", "httpcore2", "httpx", "httpx2", "mail.log", "uvicorn.access")


def configure(level: str = "INFO", *, json: bool = True) -> None:
    """Send every log line of this process to standard error, from structlog and the standard library alike.

    ``level`` is a standard level's name; ``json`` writes one JSON object a line, otherwise a line for a terminal.
    """
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(json=json))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Redact link tokens and whatever looks like an email address, in every key and value of a log line."""
    return {key: _redacted(value) for key, value in event.items()}


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub("[address]", TOKEN.sub("[token]", value))
    if isinstance(value, dict):
        return {_redacted(key): _redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else _redacted(str(value))


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def _formatter(*, json: bool) -> logging.Formatter:
    renderer: Processor = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared(), _details],
        # Redaction is the last step before rendering: exceptions and positional arguments are text by then.
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, renderer],
    )


def _details(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add what Temporal's loggers attach to a record: the workflow, the activity and its attempt."""
    record = event["_record"]
    core = getattr(record, "temporal_log", None)
    if core is not None:
        event.update({key: core.fields[key] for key in CORE_FIELDS if key in core.fields})
    for name in ("temporal_workflow", "temporal_activity"):
        details = getattr(record, name, None)
        if isinstance(details, dict):
            event.update({key: details[key] for key in ("workflow_id", "activity_type", "attempt") if key in details})
    return event
