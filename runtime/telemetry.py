"""What Temporal's SDK tells of a process: its metrics, ours beside them, and its log lines among our own.

Metrics carry numbers, ids of states and names of queues; no names of people.
"""

import atexit
import gc
import logging
from functools import cache

from temporalio.common import MetricMeter
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    OpenTelemetryConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from runtime.settings import Settings
from schemas.errors import MileError

# The part of the SDK that is written in Rust. Its DEBUG and INFO lines are about its own workings.
CORE = "temporalio.core"


def start_telemetry(settings: Settings, metrics_address: str | None) -> MetricMeter:
    """Serve or send metrics as the settings say, and return what ours are reported to.

    It must come before the first connection to Temporal, which reports to the runtime there is then. Raises MileError
    where something else listens at ``metrics_address`` (host:port).
    """
    metrics = _metrics(settings, metrics_address)
    try:
        runtime = Runtime(telemetry=TelemetryConfig(logging=_logging(), metrics=metrics))
    except (RuntimeError, ValueError) as error:
        where = settings.otlp_url or metrics_address
        raise MileError(
            f"Metrics cannot be served at {where}: the address is taken, or is no address of this machine. "
            "Correct MILE_METRICS_ADDRESS, MILE_WEB_METRICS_ADDRESS or MILE_OTLP_URL."
        ) from error
    Runtime.set_default(runtime)
    end_core_before_python()
    return runtime.metric_meter if metrics else MetricMeter.noop


@cache
def end_core_before_python() -> None:
    """Have the threads of Core, which call Python, end before Python itself does: otherwise it may be aborted."""
    atexit.register(_drop_runtime)


def _drop_runtime() -> None:
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=None)), error_if_already_set=False)
    # Only with the last reference to it a runtime ends, and clients refer to theirs.
    gc.collect()


def _metrics(settings: Settings, address: str | None) -> PrometheusConfig | OpenTelemetryConfig | None:
    if settings.otlp_url:
        return OpenTelemetryConfig(url=settings.otlp_url, http=True, durations_as_seconds=True)
    return PrometheusConfig(bind_address=address, durations_as_seconds=True) if address else None


def _logging() -> LoggingConfig:
    """Let Core's lines go through Python's logging: otherwise they are colored text between lines of JSON."""
    forwarding = LogForwardingConfig(
        logger=logging.getLogger(CORE),
        append_target_to_name=False,
        prepend_target_on_message=False,
        # Its fields hold failures with whatever an activity said; runtime/logging.py takes the harmless ones.
        append_log_fields_to_message=False,
    )
    return LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding)
