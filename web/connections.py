"""Bounds to what one client can keep us waiting for: uvicorn alone waits for a request's header without end."""

import asyncio
import logging
from collections import Counter
from functools import partial
from typing import Any

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

# A browser sends a header at once; whoever takes longer only wants to keep us busy.
HEADER_SECONDS = 10.0
# Connections whose request has not arrived as a whole, or which are idle between two requests. As many others may have
# a request that is being answered, before a client is told to come back. Far more than a class has, and far below the
# 1,024 files that a process may open on many systems.
MOST_WAITING = 320
KEEP_ALIVE_SECONDS = 5
# How long pages that stop wait for the next request of a connection, which may be on its way.
NEXT_REQUEST_SECONDS = 1.0
_LAST_ANSWER = (b"connection", b"close")
LOG_EVERY_SECONDS = 10.0
# What uvicorn warns of, once for each request.
_WARNINGS = {"Exceeded concurrency limit.": "too_many", "Invalid HTTP request received.": "not_http"}

_log = structlog.get_logger(__name__)


class RefusedConnections(logging.Filter):
    """Logs how many connections were refused and why: at once, then at most every ten seconds.

    As a filter of uvicorn's log it takes the place of a line for each.
    """

    def __init__(self) -> None:
        super().__init__()
        self._counts: Counter[str] = Counter()
        self._pending: asyncio.TimerHandle | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Count a warning of uvicorn about a refused request; let all others pass."""
        reason = _WARNINGS.get(record.getMessage())
        if reason is not None:
            self.add(reason)
        return reason is None

    def add(self, reason: str) -> None:
        """Count a refused connection."""
        self._counts[reason] += 1
        if self._pending is None:
            self._write()
            self._pending = asyncio.get_running_loop().call_later(LOG_EVERY_SECONDS, self._write_later)

    def _write_later(self) -> None:
        self._pending = None
        self._write()

    def _write(self) -> None:
        if self._counts:
            _log.warning("connections_refused", **self._counts)
            self._counts.clear()


class WaitingConnections:
    """The connections that wait for their client; where there are too many, the one that waits longest is closed."""

    def __init__(self, refused: RefusedConnections, most: int = MOST_WAITING) -> None:
        self.refused = refused
        self._most = most
        # In order of their last arrival, as a dict keeps it.
        self._waiting: dict[BoundedProtocol, None] = {}

    def add(self, connection: "BoundedProtocol") -> None:
        """Count a connection, unless it is counted already."""
        self._waiting.setdefault(connection)
        if len(self._waiting) > self._most:
            self.close(next(iter(self._waiting)), "too_many_waiting")

    def discard(self, connection: "BoundedProtocol") -> None:
        """Count a connection no longer."""
        self._waiting.pop(connection, None)

    def close(self, connection: "BoundedProtocol", reason: str) -> None:
        """Close a connection that waits."""
        self.discard(connection)
        self.refused.add(reason)
        # Not close: that would wait until a client that reads nothing has read everything.
        connection.transport.abort()


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol for one connection, with a limit to the time for a request's header."""

    def __init__(self, *args: Any, waiting: WaitingConnections, header_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting = waiting
        self._header_seconds = header_seconds
        self._header_due: asyncio.TimerHandle | None = None
        self._shutdown_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._note_arrival()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request."""
        super().data_received(data)
        self._note_arrival()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request; uvicorn closes a connection on which none begins."""
        super().on_response_complete()
        # A client that is gone already is not noted as lost again.
        if not self.transport.is_closing():
            self._waiting.add(self)

    def shutdown(self) -> None:
        """Close the connection after the answer to its request, or to the next one, which may be on its way already."""
        if self._shutdown_due:
            return
        state = self.server_state
        if _LAST_ANSWER not in state.default_headers:
            state.default_headers = [*state.default_headers, _LAST_ANSWER]
        if self.cycle is not None and not self.cycle.response_complete:
            # So that nobody sends another request on it.
            self.cycle.default_headers = state.default_headers
            super().shutdown()
        else:
            self._shutdown_due = self.loop.call_later(NEXT_REQUEST_SECONDS, super().shutdown)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        if self._shutdown_due is not None:
            self._shutdown_due.cancel()
        self._waiting.discard(self)
        super().connection_lost(exc)

    def _note_arrival(self) -> None:
        state = self.conn.their_state
        if state in {h11.IDLE, h11.SEND_BODY}:
            self._waiting.add(self)
        else:
            self._waiting.discard(self)
        # A body has a limit of its own, in web/middleware/protection.py.
        if state is not h11.IDLE:
            self._stop_timer()
        elif self._header_due is None:
            self._header_due = self.loop.call_later(self._header_seconds, self._give_up)

    def _give_up(self) -> None:
        self._header_due = None
        self._waiting.close(self, "header_too_slow")

    def _stop_timer(self) -> None:
        if self._header_due is not None:
            self._header_due.cancel()
            self._header_due = None


def bounds(header_seconds: float = HEADER_SECONDS, most_waiting: int = MOST_WAITING) -> dict[str, Any]:
    """Return the settings of uvicorn that bound what clients can keep busy; they are of one server."""
    refused = RefusedConnections()
    logging.getLogger("uvicorn.error").addFilter(refused)
    waiting = WaitingConnections(refused, most_waiting)
    return {
        "http": partial(BoundedProtocol, waiting=waiting, header_seconds=header_seconds),
        "limit_concurrency": 2 * most_waiting,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
    }
