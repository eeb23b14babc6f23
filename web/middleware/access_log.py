"""The access log: a route's name, never its address, because an address can be a secret."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from temporalio.common import MetricMeter

_log = structlog.get_logger(__name__)


# By name, with what each says; their label is the class of the status, such as 2xx, or "none" for a client that left.
COUNTER = ("mile_pages_served", "requests to the pages")
HISTOGRAM = ("mile_page_seconds", "how long requests to the pages took")
STATUSES = ("2xx", "3xx", "4xx", "5xx", "none")


class AccessLogMiddleware:
    """Logs ``page_served`` with route, method, status and milliseconds for each request, and counts it."""

    def __init__(self, app: ASGIApp, meter: MetricMeter) -> None:
        self._app = app
        self._served = meter.create_counter(*COUNTER)
        self._seconds = meter.create_histogram_float(*HISTOGRAM, "s")
        # A counter that appears with its first failures has never risen, so that no alert would tell of them.
        for status in STATUSES:
            self._served.add(0, {"status": status})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status: int | None = None
        started = time.perf_counter()

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting_status)
        finally:
            # In ``finally``: a request that fails, or whose client is gone, is logged too, then without a status.
            took = time.perf_counter() - started
            labels = {"status": f"{status // 100}xx" if status else "none"}
            self._served.add(1, labels)
            self._seconds.record(took, labels)
            _log.info(
                "page_served",
                route=_route(scope),
                method=scope["method"],
                status=status,
                milliseconds=round(took * 1000),
            )


def _route(scope: Scope) -> str:
    # Starlette sets the route while it handles the request, so this is known only afterwards.
    return getattr(scope.get("route"), "name", None) or "none"
