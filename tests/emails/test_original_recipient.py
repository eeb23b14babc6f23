"""The relay is told whom an email was written to, so that a forwarder's report names that address."""

import asyncio

import pytest

from emails.incoming import read_incoming
from emails.smtp import Relay
from tests.emails.bounce_messages import BOUNCES, recipient, report
from tests.emails.relay import settings_for

ADDRESS = "p+mile=x@example.org"


async def _said(extension: str) -> list[str]:
    """Let a relay with an extension take one message, and return the lines that it was told before the message."""
    lines: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        while line := (await reader.readline()).decode().rstrip():
            lines.append(line)
            known = {"EHLO": f"250-relay\r\n250 {extension}\r\n", "DATA": "354 go on\r\n", "QUIT": "221 bye\r\n"}
            writer.write(known.get(line[:4], "250 fine\r\n").encode())
            if line == "DATA":
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 taken\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        relay = Relay(settings_for("postgresql://nowhere", server.sockets[0].getsockname()[1]))
        await relay.deliver(b"Subject: Hi\r\n\r\nHello\r\n", ADDRESS, "bounces@example.org")
        await relay.close()
    return [line for line in lines if line.startswith("RCPT")]


@pytest.mark.parametrize(
    ("extension", "parameter"), [("DSN", " ORCPT=rfc822;p+2Bmile+3Dx@example.org"), ("8BITMIME", "")]
)
async def test_relay_that_can_is_told_whom_an_email_was_written_to(extension: str, parameter: str) -> None:
    assert await _said(extension) == [f"RCPT TO:<{ADDRESS}>{parameter}"]


@pytest.mark.parametrize("original", ["p+2Bmile+3Dx@example.org", ADDRESS])
def test_report_names_it_again_encoded_or_not(original: str) -> None:
    raw = report(recipient("failed", "5.1.1", to="x@mail.example.net", original=original))
    [said] = read_incoming(raw, BOUNCES).reports
    assert ADDRESS in said.addresses
