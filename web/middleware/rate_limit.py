"""How fast the pages may be asked: as fast as people do, for each link and for each network address."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Network, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from emails.links import is_token
from web.pages import Pages

MOST_REMEMBERED = 10_000


class RateLimit:
    """A token bucket for each of many: ``burst`` requests at once, then ``per_second``.

    Kept in memory, so each process of the pages counts for itself, and a restart forgets.
    """

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, one: str) -> bool:
        """Tell whether this one may ask now, and count it if so."""
        now = self._clock()
        left = self._left_of(one, now)
        if left < 1:
            return False
        # Put at the end, so that the first to be forgotten are those not heard of for longest.
        self._left.pop(one, None)
        self._left[one] = (left - 1, now)
        if len(self._left) > MOST_REMEMBERED:
            del self._left[next(iter(self._left))]
        return True

    def _left_of(self, one: str, now: float) -> float:
        left, at = self._left.get(one, (self._burst, now))
        return min(self._burst, left + (now - at) * self._per_second)


@dataclass(frozen=True)
class RateLimits:
    """The paces of a link, of an address, and of letters that an address makes us write to whomever it types.

    A link's is far above what one person does. Behind a proxy that is not trusted (FORWARDED_ALLOW_IPS) everybody has
    the proxy's address, so the address's is far above what a whole class does on the morning of an email; the letters'
    is above what comes in on the day a window opens.
    """

    link: RateLimit = field(default_factory=lambda: RateLimit(30, 0.5))
    address: RateLimit = field(default_factory=lambda: RateLimit(600, 10.0))
    letters: RateLimit = field(default_factory=lambda: RateLimit(60, 0.2))


class RateLimitMiddleware:
    """Asks whoever is faster than people are to wait a moment."""

    def __init__(self, app: ASGIApp, pages: Pages, limits: RateLimits) -> None:
        self._app = app
        self._pages = pages
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or self._may_ask(scope):
            await self._app(scope, receive, send)
            return
        page = self._pages.too_many()
        page.headers["Retry-After"] = "60"
        await page(scope, receive, send)

    def _may_ask(self, scope: Scope) -> bool:
        address = _network(scope)
        link = _link(scope["path"])
        return (
            self._limits.address.allows(address)
            and (link is None or self._limits.link.allows(link))
            and (not _asks_for_a_letter(scope) or self._limits.letters.allows(address))
        )


def _network(scope: Scope) -> str:
    """Return the network address that asks; of IPv6 the part one household or host is given as a whole (RFC 6177)."""
    address, _ = scope.get("client") or ("unknown", 0)
    try:
        known = ip_address(address)
    except ValueError:
        return str(address)
    mapped = known if isinstance(known, IPv4Address) else known.ipv4_mapped
    return str(mapped or IPv6Network((int(known), 64), strict=False))


def _link(path: str) -> str | None:
    """Return the token of a milestone's link or of a personal one; they differ, so neither holds up the other."""
    first, token, *_ = [*path.removeprefix("/").split("/"), ""]
    return token if first in {"r", "a"} and is_token(token) else None


def _asks_for_a_letter(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["method"] == "POST" and path.startswith(("/apply/", "/ask/"))
