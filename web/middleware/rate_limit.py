"""Rate limits: for each link, for each network address, and for the emails that an address triggers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Network, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from emails.links import is_token
from web.pages import Pages

# Bounds the memory that somebody with many addresses can make us use.
MAX_KEYS = 10_000


class RateLimit:
    """A token bucket for each key: ``burst`` requests at once, then ``per_second``.

    Kept in memory, so each process of the pages counts for itself, and a restart forgets.
    """

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def allow(self, key: str) -> bool:
        """Tell whether a request of this key is within the limit, and count it if so."""
        now = self._clock()
        tokens = self._tokens_of(key, now)
        if tokens < 1:
            return False
        # Put at the end, so that the buckets dropped first are those unused for longest.
        self._buckets.pop(key, None)
        self._buckets[key] = (tokens - 1, now)
        if len(self._buckets) > MAX_KEYS:
            del self._buckets[next(iter(self._buckets))]
        return True

    def _tokens_of(self, key: str, now: float) -> float:
        tokens, at = self._buckets.get(key, (self._burst, now))
        return min(self._burst, tokens + (now - at) * self._per_second)


@dataclass(frozen=True)
class RateLimits:
    """The limits of a link, of an address, and of emails that an address makes us send to whomever it types.

    A link's is far above what one person does. Behind a proxy that is not trusted (FORWARDED_ALLOW_IPS) everybody has
    the proxy's address, so the address's is far above what a whole class does on the morning of an email; the emails'
    is above what comes in on the day a window opens.
    """

    link: RateLimit = field(default_factory=lambda: RateLimit(30, 0.5))
    address: RateLimit = field(default_factory=lambda: RateLimit(600, 10.0))
    emails: RateLimit = field(default_factory=lambda: RateLimit(60, 0.2))


class RateLimitMiddleware:
    """Answers requests above a limit with a page that asks to wait a moment."""

    def __init__(self, app: ASGIApp, pages: Pages, limits: RateLimits) -> None:
        self._app = app
        self._pages = pages
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or self._is_allowed(scope):
            await self._app(scope, receive, send)
            return
        page = self._pages.too_many_requests()
        page.headers["Retry-After"] = "60"
        await page(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        address = _network(scope)
        link = _token_of(scope["path"])
        return (
            self._limits.address.allow(address)
            and (link is None or self._limits.link.allow(link))
            and (not _triggers_email(scope) or self._limits.emails.allow(address))
        )


def _network(scope: Scope) -> str:
    """Return the client's network address; of IPv6 the /64, of which one host can use every address (RFC 6177)."""
    address, _ = scope.get("client") or ("unknown", 0)
    try:
        ip = ip_address(address)
    except ValueError:
        return str(address)
    # A dual-stack socket reports IPv4 clients as ::ffff:a.b.c.d; all of them would share one /64.
    mapped = ip if isinstance(ip, IPv4Address) else ip.ipv4_mapped
    return str(mapped or IPv6Network((int(ip), 64), strict=False))


def _token_of(path: str) -> str | None:
    """Return the token of a milestone's link or of a personal one; they differ, so neither holds up the other."""
    prefix, token, *_ = [*path.removeprefix("/").split("/"), ""]
    return token if prefix in {"r", "a"} and is_token(token) else None


def _triggers_email(scope: Scope) -> bool:
    # These pages send to whatever address is typed (A7, A42), so they could be used to flood somebody's mailbox.
    path: str = scope["path"]
    return scope["method"] == "POST" and path.startswith(("/apply/", "/ask/"))
