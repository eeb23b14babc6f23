"""Clients that begin a request and never end it keep nobody else from the pages."""

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from structlog.testing import capture_logs

from web.connections import MOST_WAITING, RefusedConnections, bounds

HALF_A_REQUEST = b"GET /readyz HTTP/1.1\r\nHost: mile.example.org\r\nX-Slow: "
HALF_A_FORM = b"POST /r/x HTTP/1.1\r\nHost: mile.example.org\r\nContent-Length: 100\r\n\r\nstatus="
ASK = b"GET /nothing HTTP/1.1\r\nHost: mile.example.org\r\n\r\n"
SLOW_CLIENTS = 200


@contextlib.asynccontextmanager
async def serving(app: Starlette, header_seconds: float = 60, most_waiting: int = 50) -> AsyncIterator[int]:
    """Serve pages with bounds and yield their port."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        config = uvicorn.Config(app, log_config=None, access_log=False, **bounds(header_seconds, most_waiting))
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await task


@contextlib.asynccontextmanager
async def slow_clients(port: int, sends: bytes, count: int = SLOW_CLIENTS) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Open connections that send half a request; yield what each is answered."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    for _, writer in opened:
        writer.write(sends)
    try:
        yield [reader for reader, _ in opened]
    finally:
        for _, writer in opened:
            writer.close()


@pytest.mark.parametrize("sends", [HALF_A_REQUEST, HALF_A_FORM, b""])
async def test_200_half_sent_requests_do_not_keep_anybody_from_the_pages(app: Starlette, sends: bytes) -> None:
    async with serving(app) as port, slow_clients(port, sends), httpx.AsyncClient() as client:
        for _ in range(3):
            answer = await client.get(f"http://127.0.0.1:{port}/readyz", timeout=2)
            assert answer.status_code == 200


async def test_260_clients_that_come_at_the_same_moment_are_all_answered(app: Starlette) -> None:
    request = b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"
    async with serving(app, most_waiting=MOST_WAITING) as port, slow_clients(port, request, 260) as readers:
        answers = await asyncio.gather(*(asyncio.wait_for(reader.readline(), 20) for reader in readers))
    assert set(answers) == {b"HTTP/1.1 404 Not Found\r\n"}


async def test_header_that_does_not_arrive_in_time_ends_the_connection(app: Starlette) -> None:
    async with serving(app, header_seconds=0.2) as port, slow_clients(port, HALF_A_REQUEST, 1) as [reader]:
        assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_second_request_on_a_connection_has_as_little_time_for_its_header(app: Starlette) -> None:
    async with serving(app, header_seconds=0.2) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 404")
        writer.write(HALF_A_REQUEST)
        # Its end is also the end of the connection.
        assert b"</html>" in await asyncio.wait_for(reader.read(), 5)
        writer.close()


async def test_request_that_takes_long_to_answer_is_not_cut_off(app: Starlette) -> None:
    async with serving(app, header_seconds=0.05) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HALF_A_FORM)
        # A form has a minute, far longer than a header.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.3)
        writer.write(b"x" * 93)
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 ")
        writer.close()


async def test_refusals_are_counted_in_one_line_and_uvicorns_lines_are_left_out() -> None:
    refused = RefusedConnections()
    warning = logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "Exceeded concurrency limit.", (), None)
    other = logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "Another warning", (), None)
    with capture_logs() as logs:
        assert [refused.filter(warning) for _ in range(1000)] == [False] * 1000
        refused._write_later()
    assert refused.filter(other)
    assert [(line["event"], line["too_many"]) for line in logs] == [
        ("connections_refused", 1),
        ("connections_refused", 999),
    ]


@pytest.mark.parametrize("asked_before", [False, True], ids=["first", "second"])
async def test_request_is_answered_though_the_pages_stop_meanwhile(app: Starlette, asked_before: bool) -> None:
    async with contextlib.AsyncExitStack() as stack:
        port = await stack.enter_async_context(serving(app))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if asked_before:
            writer.write(ASK)
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            await reader.readexactly(int(re.findall(rb"content-length: (\d+)", answer)[0]))
            assert b"connection: close" not in answer
        # Connections are accepted in their order.
        async with httpx.AsyncClient() as client:
            await client.get(f"http://127.0.0.1:{port}/nothing")
        stopping = asyncio.create_task(stack.aclose())
        with contextlib.suppress(OSError):
            while True:
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
        writer.write(ASK)
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert answer.startswith(b"HTTP/1.1 404")
        # So that nobody sends another request on it.
        assert b"connection: close" in answer
        writer.close()
        await stopping
