"""``/healthz`` and ``/readyz`` of pages and workers: whether a process runs, and whether it can do its work."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from schemas.errors import MileError

Check = Callable[[], Awaitable[dict[str, bool]]]


def health_routes(check: Check, *, optional: frozenset[str] = frozenset()) -> list[Route]:
    """Return the two routes; what is ``optional`` is told and does not make a process unready."""

    async def tell_alive(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def tell_ready(request: Request) -> Response:
        checks = await check()
        ready = all(well for name, well in checks.items() if name not in optional)
        return JSONResponse({"ready": ready, "checks": checks} | _proxy(request), status_code=200 if ready else 503)

    return [
        Route("/healthz", tell_alive, methods=["GET"], name="healthz"),
        Route("/readyz", tell_ready, methods=["GET"], name="readyz"),
    ]


@contextlib.asynccontextmanager
async def serving_health(address: str | None, check: Check) -> AsyncIterator[None]:
    """Answer the two routes at ``address`` (host:port) during the block; without an address nothing listens.

    Raises MileError where the address is taken.
    """
    if address is None:
        yield
        return
    listening = _listening(address)
    config = uvicorn.Config(
        Starlette(routes=health_routes(check)),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


def _listening(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    try:
        # Before uvicorn, which ends the process where it cannot listen.
        return socket.create_server((host, int(port)))
    except OSError as error:
        raise MileError(
            f"We cannot listen at {address}: {error.strerror or error}. Give a free one in MILE_HEALTH_ADDRESS."
        ) from error


class _Server(uvicorn.Server):
    """A server that leaves signals to the process it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


def _proxy(request: Request) -> dict[str, bool]:
    """Tell whether the proxy that sent a request is announced; nothing where no proxy did."""
    forwarded = request.headers.get("x-forwarded-for")
    if forwarded is None:
        return {}
    # uvicorn takes the client's address from the header of a proxy that it trusts (FORWARDED_ALLOW_IPS).
    clients = {address.strip() for address in forwarded.split(",")}
    return {"proxy_announced": request.client is not None and request.client.host in clients}
