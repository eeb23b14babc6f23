"""The addresses that tell whether a process runs and can do its work."""

import asyncio
import contextlib
import socket
from datetime import timedelta
from typing import cast

import asyncpg
import httpx
import pytest
from temporalio.client import Client

from schemas.errors import MileError
from services.reachability import ServerChecks
from web.health import serving_health


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


async def test_process_that_lacks_a_part_runs_and_is_not_ready() -> None:
    checks = {"postgresql": True, "email_sender": False}

    async def check() -> dict[str, bool]:
        return checks

    address = _free_address()
    async with serving_health(address, check), httpx.AsyncClient(base_url=f"http://{address}") as client:
        alive, ill = await client.get("/healthz"), await client.get("/readyz")
        checks["email_sender"] = True
        well = await client.get("/readyz")
    assert (alive.status_code, ill.status_code, well.status_code) == (200, 503, 200)
    assert ill.json() == {"ready": False, "checks": {"postgresql": True, "email_sender": False}}


async def test_address_that_is_taken_is_said_in_a_sentence() -> None:
    async def check() -> dict[str, bool]:
        return {}

    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(MileError, match=f"We cannot listen at {taken}: Address already in use"):
            async with serving_health(taken, check):
                pass


class _HangingServer:
    """A pool and a client whose servers hang: a question cannot even be canceled."""

    def __init__(self) -> None:
        self.asked = 0
        self.over = asyncio.Event()
        self.service_client = self

    async def fetchval(self, _: str) -> bool:
        self.asked += 1
        while not self.over.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self.over.wait()
        return True

    async def check_health(self, **_: object) -> bool:
        return await self.over.wait()


async def test_server_that_hangs_is_told_as_away_and_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.reachability.ANSWERS_WITHIN", timedelta(milliseconds=50))
    server = _HangingServer()
    check = ServerChecks(cast(asyncpg.Pool, server), cast(Client, server))
    assert [await check(), await check()] == [{"postgresql": False, "temporal": False}] * 2
    assert server.asked == 1
    server.over.set()
    assert await check() == {"postgresql": True, "temporal": True}
