"""Metrics of a worker for Prometheus: Temporal's own, and ours beside them. Numbers only, no names of people."""

from temporalio.common import MetricMeter
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from runtime.settings import Settings


def serve_metrics(settings: Settings) -> MetricMeter:
    """Serve metrics where the settings name an address, and return what ours are reported to.

    It must come before the first connection to Temporal, which reports to the runtime there is then.
    """
    if settings.metrics_address is None:
        return MetricMeter.noop
    config = PrometheusConfig(bind_address=settings.metrics_address, durations_as_seconds=True)
    runtime = Runtime(telemetry=TelemetryConfig(metrics=config))
    Runtime.set_default(runtime)
    return runtime.metric_meter
