"""Somebody names an address: what is public is read within limits, what is inside is never even asked."""

import gzip
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from domain.availability.addresses import check_address
from runtime.public_download import DownloadLimits, Reachable, download, is_public
from schemas.errors import CalendarRefused
from tests.calendar_server import CalendarServer, calendar_server, response

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
SMALL = DownloadLimits(seconds=5, max_bytes=100_000)
INSIDE = "This address is not on the public internet, so we do not read it."


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[CalendarServer]:
    async with calendar_server(tmp_path) as server:
        yield server


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.9.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - nobody binds to it
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_addresses_of_networks_inside_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://calendar.example.org/a.ics", "The address has to begin with https://."),
        ("file:///etc/passwd", "The address has to begin with https://."),
        ("calendar.example.org/a.ics", "The address has to begin with https://."),
        ("https://", "The address has to begin with https://."),
        ("https://[", "This is not a complete address."),
        ("https://calendar.example.org:99999/", "This is not a complete address."),
        (f"https://{'a' * 64}.example.org/", "This is not a complete address."),
        (
            "https://me:secret@calendar.example.org/",
            "The address has a name or a password in it, which we do not keep.",
        ),
    ],
)
def test_what_is_no_address_of_a_public_server_is_refused_in_words(address: str, why: str) -> None:
    with pytest.raises(CalendarRefused) as refused:
        check_address(address)
    assert str(refused.value) == why


def test_an_address_keeps_what_it_quotes() -> None:
    written = "https://calendar.example.org/private%2Fé a.ics?token=a%26b&x=1#there"
    assert check_address(written) == "https://calendar.example.org/private%2F%C3%A9%20a.ics?token=a%26b&x=1"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])
async def test_a_server_on_loopback_is_never_asked(server: CalendarServer, host: str) -> None:
    server.answers["/a.ics"] = response(CALENDAR)
    with pytest.raises(CalendarRefused, match=INSIDE):
        await download(server.address("/a.ics", host))
    assert server.asked == []


async def test_a_port_of_another_service_is_never_asked(server: CalendarServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        port = other.getsockname()[1]
        with pytest.raises(CalendarRefused, match=INSIDE):
            await download(f"https://127.0.0.1:{port}/", SMALL, server.reachable)
        with pytest.raises(BlockingIOError):
            other.accept()


async def test_what_may_be_reached_is_read(server: CalendarServer) -> None:
    server.answers["/a.ics?token=b"] = response(CALENDAR, content_type="text/calendar")
    assert await download(server.address("/a.ics?token=b"), SMALL, server.reachable) == CALENDAR


async def test_a_redirect_is_followed_where_it_may_lead(server: CalendarServer) -> None:
    server.answers |= {"/old": response(status="301 Moved", location="/new"), "/new": response(CALENDAR)}
    assert await download(server.address("/old"), SMALL, server.reachable) == CALENDAR


@pytest.mark.parametrize(
    "location", ["https://127.0.0.2:{port}/", "https://10.0.0.1/", "https://localhost:1/", "https://[::1]:{port}/"]
)
async def test_a_redirect_to_a_network_inside_is_not_followed(server: CalendarServer, location: str) -> None:
    server.answers["/a"] = response(status="302 Found", location=location.format(port=server.port))
    with pytest.raises(CalendarRefused, match=INSIDE):
        await download(server.address("/a"), SMALL, server.reachable)
    assert server.asked == ["/a"]


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://example.org/", "The address has to begin with https://."),
        ("file:///etc/passwd", "The address has to begin with https://."),
        ("/a", "The address led on to another one more than 3 times."),
        ("https://[", "This is not a complete address."),
        ("https://a:99999/", "This is not a complete address."),
    ],
)
async def test_a_redirect_elsewhere_is_refused(server: CalendarServer, location: str, why: str) -> None:
    server.answers["/a"] = response(status="307 Elsewhere", location=location)
    with pytest.raises(CalendarRefused) as refused:
        await download(server.address("/a"), SMALL, server.reachable)
    assert str(refused.value) == why


async def test_ten_gigabytes_are_refused_before_they_come(server: CalendarServer) -> None:
    server.answers["/a"] = response(b"BEGIN", content_length="10000000000")
    with pytest.raises(CalendarRefused, match=r"It is larger than 0 MB\."):
        await download(server.address("/a"), SMALL, server.reachable)


async def test_what_never_ends_is_given_up_at_the_limit(server: CalendarServer) -> None:
    server.answers["/a"] = b"HTTP/1.1 200 OK\r\n\r\n"
    server.endless["/a"] = b"x" * 1000
    with pytest.raises(CalendarRefused, match=r"It is larger than 0 MB\."):
        await download(server.address("/a"), SMALL, server.reachable)


async def test_a_header_that_never_ends_is_given_up(server: CalendarServer) -> None:
    server.answers["/a"] = b"HTTP/1.1 200 OK\r\n"
    server.endless["/a"] = b"a: " + b"x" * 1000 + b"\r\n"
    with pytest.raises(CalendarRefused, match="did not answer as a web server does"):
        await download(server.address("/a"), SMALL, server.reachable)


async def test_a_server_that_says_nothing_is_given_up_in_time(server: CalendarServer) -> None:
    server.answers["/a"] = b""
    server.endless["/a"] = b""
    with pytest.raises(CalendarRefused, match=r"The server did not answer within 0 seconds\."):
        await download(server.address("/a"), DownloadLimits(seconds=0.3), server.reachable)


async def test_what_is_packed_is_not_unpacked(server: CalendarServer) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    server.answers["/a"] = response(bomb, content_encoding="gzip")
    with pytest.raises(CalendarRefused, match="packed"):
        await download(server.address("/a"), SMALL, server.reachable)


async def test_a_web_page_and_an_error_are_refused_in_words(server: CalendarServer) -> None:
    server.answers |= {
        "/page": response(b"<p>", content_type="text/html; charset=utf-8"),
        "/gone": response(status="404 Gone"),
    }
    with pytest.raises(CalendarRefused, match=r"This address leads to a web page\."):
        await download(server.address("/page"), SMALL, server.reachable)
    with pytest.raises(CalendarRefused, match="status 404"):
        await download(server.address("/gone"), SMALL, server.reachable)


async def test_a_server_with_a_certificate_of_its_own_making_is_refused(server: CalendarServer) -> None:
    stranger = Reachable(server.reachable.allows, server.reachable.ports)
    with pytest.raises(CalendarRefused, match="could not be reached"):
        await download(server.address("/a"), SMALL, stranger)
    assert server.asked == []
