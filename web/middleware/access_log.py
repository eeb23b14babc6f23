"""The access log: a route's name, never its address, because an address can be a secret."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = structlog.get_logger(__name__)


class AccessLogMiddleware:
    """Logs ``page_served`` with route, method, status and milliseconds for each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
            took = round((time.perf_counter() - started) * 1000)
            _log.info("page_served", route=_route(scope), method=scope["method"], status=status, milliseconds=took)


def _route(scope: Scope) -> str:
    # Starlette sets the route while it handles the request, so this is known only afterwards.
    return getattr(scope.get("route"), "name", None) or "none"
