"""Rate limits: for each link, network address and site, and for the emails that an address or a site triggers."""

import time
from collections.abc import Callable, Iterator
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
    is above what comes in on the day a window opens. Those of a site (an IPv6 /48) are four times as high: one customer
    may have all of its 65,536 networks, and a university has them for everybody.
    """

    link: RateLimit = field(default_factory=lambda: RateLimit(30, 0.5))
    address: RateLimit = field(default_factory=lambda: RateLimit(600, 10.0))
    emails: RateLimit = field(default_factory=lambda: RateLimit(60, 0.2))
    site: RateLimit = field(default_factory=lambda: RateLimit(2400, 40.0))
    site_emails: RateLimit = field(default_factory=lambda: RateLimit(240, 0.8))


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
        # The first that refuses is the last one asked: a network in a hurry does not use up what its site has.
        return all(limit.allow(key) for limit, key in self._limits_of(scope))

    def _limits_of(self, scope: Scope) -> Iterator[tuple[RateLimit, str]]:
        limits, triggers_email = self._limits, _triggers_email(scope)
        address, site = _networks(scope)
        yield limits.address, address
        if link := _token_of(scope["path"]):
            yield limits.link, link
        if triggers_email:
            yield limits.emails, address
        if site:
            yield limits.site, site
        if triggers_email and site:
            yield limits.site_emails, site


def _networks(scope: Scope) -> tuple[str, str | None]:
    """Return the client's network address, and its site's where it has one.

    Of IPv6 that is the /64, of which one host can use every address, and the /48 that a site may have (RFC 6177).
    """
    address, _ = scope.get("client") or ("unknown", 0)
    try:
        ip = ip_address(address)
    except ValueError:
        return str(address), None
    # A dual-stack socket reports IPv4 clients as ::ffff:a.b.c.d; all of them would share one /64.
    mapped = ip if isinstance(ip, IPv4Address) else ip.ipv4_mapped
    if mapped:
        return str(mapped), None
    network, site = (str(IPv6Network((int(ip), length), strict=False)) for length in (64, 48))
    return network, site


def _token_of(path: str) -> str | None:
    """Return the token of a milestone's link or of a personal one; they differ, so neither holds up the other."""
    prefix, token, *_ = [*path.removeprefix("/").split("/"), ""]
    return token if prefix in {"r", "a", "m", "u"} and is_token(token) else None


def _triggers_email(scope: Scope) -> bool:
    # These pages send to whatever address is typed (A7, A42), so they could be used to flood somebody's mailbox.
    path: str = scope["path"]
    return scope["method"] == "POST" and (path in {"/links", "/staff/sign-in"} or path.startswith(("/apply/", "/ask/")))
