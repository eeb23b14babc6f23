"""A proxy that the pages do not trust is noticed by doctor, because everybody behind it shares one rate limit."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from runtime.health_finding import HealthFinding
from runtime.page_health import check_pages
from runtime.settings import Settings
from tests.emails.relay import settings_for


@contextlib.asynccontextmanager
async def behind_a_proxy(app: Starlette, trusted: str) -> AsyncIterator[Settings]:
    """Serve pages behind a proxy and yield settings with the proxy's address."""
    with socket.create_server(("127.0.0.1", 0)) as inner, socket.create_server(("127.0.0.1", 0)) as outer:
        pages = uvicorn.Config(app, log_config=None, access_log=False, forwarded_allow_ips=trusted)
        proxy = uvicorn.Config(proxy_to(inner.getsockname()[1]), log_config=None, access_log=False, lifespan="off")
        servers = {uvicorn.Server(pages): inner, uvicorn.Server(proxy): outer}
        tasks = [asyncio.create_task(server.serve(sockets=[sock])) for server, sock in servers.items()]
        try:
            yield settings_for("postgresql://nowhere", 1, public_url=f"http://127.0.0.1:{outer.getsockname()[1]}")
        finally:
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*tasks)


def proxy_to(port: int) -> Starlette:
    """Return a proxy that says for whom it asks."""

    async def forward(scope: dict[str, str], receive: object, send: object) -> None:
        del receive
        async with httpx.AsyncClient() as client:
            asked_for = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
            answer = await client.get(f"http://127.0.0.1:{port}{scope['path']}", headers=asked_for)
        assert callable(send)
        await send({"type": "http.response.start", "status": answer.status_code, "headers": []})
        await send({"type": "http.response.body", "body": answer.content})

    return forward  # type: ignore[return-value]


async def found(settings: Settings) -> dict[str, HealthFinding]:
    return {finding.name: finding for finding in await check_pages(settings)}


@pytest.mark.parametrize(("trusted", "names"), [("127.0.0.1", {"Pages"}), ("192.0.2.1", {"Pages", "Proxy"})])
async def test_doctor_warns_of_a_proxy_that_is_not_trusted(app: Starlette, trusted: str, names: set[str]) -> None:
    async with behind_a_proxy(app, trusted) as settings:
        findings = await found(settings)
    assert set(findings) == names
    assert all(finding.ok for finding in findings.values())
    assert "Proxy" not in findings or "FORWARDED_ALLOW_IPS" in findings["Proxy"].advice


async def test_without_a_proxy_there_is_nothing_to_warn_of(client: httpx.AsyncClient) -> None:
    assert "proxy_announced" not in (await client.get("/readyz")).json()
