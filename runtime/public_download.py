"""Downloading a calendar that a person names on the public internet, and nothing of a network inside."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias
from urllib.parse import urljoin

import httpcore2

from domain.availability.addresses import check_address
from domain.languages import gettext
from schemas.errors import CalendarRefused

IpAddress: TypeAlias = IPv4Address | IPv6Address
HTTPS = 443
# Addresses that stand for others, by which a gateway could lead inside: 6to4, Teredo and NAT64.
TRANSLATED = tuple(ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48"))
HEADERS: dict[bytes | str, bytes | str] = {
    "Accept": "text/calendar, */*;q=0.1",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def is_public(address: IpAddress) -> bool:
    """Tell whether an IP address is one of the public internet, whatever way it is written."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return is_public(address.ipv4_mapped)
    translated = any(address in net for net in TRANSLATED if net.version == address.version)
    return address.is_global and not address.is_multicast and not translated


@dataclass(frozen=True)
class DownloadLimits:
    """How long a download may take in all, how many bytes it may have, and how often it may be led on."""

    seconds: float = 20
    max_bytes: int = 5_000_000
    redirects: int = 3


@dataclass(frozen=True)
class Reachable:
    """What a download may reach, and by which authorities it knows a server; tests reach their own."""

    allows: Callable[[IpAddress], bool] = is_public
    ports: frozenset[int] = frozenset({HTTPS})
    authorities: ssl.SSLContext | None = None


class PublicBackend(httpcore2.AnyIOBackend):
    """Connects to what a name stands for only if all of it may be reached.

    The check and the connection use the same answer of the resolver: a name that stands for something else a moment
    later leads nowhere else.
    """

    def __init__(self, reachable: Reachable) -> None:
        self._reachable = reachable

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to a host by one of its addresses."""
        addresses = await self._resolve(host, port)
        if port not in self._reachable.ports or not all(self._reachable.allows(each) for each in addresses):
            raise CalendarRefused(gettext("This address is not on the public internet, so we do not read it."))
        return await super().connect_tcp(str(addresses[0]), port, timeout, local_address, socket_options)

    @staticmethod
    async def _resolve(host: str, port: int) -> list[IpAddress]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise CalendarRefused(gettext("No server is known by this address. Is it complete?")) from None
        # An address of this machine's links carries the link's name after a percent sign.
        return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]


async def download(
    address: str, limits: DownloadLimits = DownloadLimits(), reachable: Reachable = Reachable()
) -> bytes:
    """Return what stands at an ``https://`` address.

    Nothing is unpacked, no proxy is used, and no header says who asks. Raises CalendarRefused where it is elsewhere,
    too slow, too large, packed, a web page, or not there.
    """
    try:
        async with asyncio.timeout(limits.seconds):
            return await _follow(address, limits, reachable)
    except TimeoutError:
        raise CalendarRefused(
            gettext("The server did not answer within %(seconds)s seconds.", seconds=round(limits.seconds))
        ) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, ssl.SSLError):
        raise CalendarRefused(
            gettext("The server could not be reached, or did not answer as a web server does.")
        ) from None


async def _follow(address: str, limits: DownloadLimits, reachable: Reachable) -> bytes:
    context = reachable.authorities or ssl.create_default_context()
    async with httpcore2.AsyncConnectionPool(ssl_context=context, network_backend=PublicBackend(reachable)) as pool:
        for _ in range(limits.redirects + 1):
            async with pool.stream("GET", check_address(address), headers=HEADERS) as response:
                headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status not in REDIRECTS:
                    return await _read(response, headers, limits)
                address = _led_on(address, headers.get("location", ""))
    raise CalendarRefused(
        gettext("The address led on to another one more than %(times)s times.", times=limits.redirects)
    )


def _led_on(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        raise CalendarRefused(gettext("This is not a complete address.")) from None


async def _read(response: httpcore2.Response, headers: Mapping[str, str], limits: DownloadLimits) -> bytes:
    if response.status != 200:
        raise CalendarRefused(
            gettext("The server answered with status %(status)s. Is the address still right?", status=response.status)
        )
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise CalendarRefused(gettext("The server sent it packed, although we asked for it as it is."))
    if headers.get("content-type", "").lower().startswith("text/html"):
        raise CalendarRefused(gettext("This address leads to a web page."))
    too_large = CalendarRefused(gettext("It is larger than %(size)s MB.", size=round(limits.max_bytes / 1e6)))
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > limits.max_bytes:
        raise too_large
    content = bytearray()
    async for part in response.aiter_stream():
        content += part
        if len(content) > limits.max_bytes:
            raise too_large
    return bytes(content)
