"""Protection of every page: headers that keep links private, a same-origin check, and a limit to a form's size."""

import asyncio
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.form import BODY, is_own_form
from web.pages import Pages

# Far more than the longest form: one answer takes 4,000 characters at most.
MAX_BODY_BYTES = 512 * 1024
# More than any form has; an empty field costs the parser as much time as one with words.
MOST_FIELDS = 1000
# A longer body is still read to its end, because a browser shows our page only once it has sent everything.
MAX_READ_BYTES = 4 * 1024 * 1024
# Even over a bad line a form takes less; whoever takes longer only wants to keep us busy.
BODY_TIMEOUT_SECONDS = 60.0
# Files that staff upload, on routes of their own. Their parser has limits of its own for fields; that of our own forms
# has none, and anybody can send one here.
UPLOAD_PATH = re.compile(r"/staff/classes/[^/]+/(?:import|settings/upload)")
SAFE_METHODS = frozenset({"GET", "HEAD"})
_UNSUBSCRIBE = re.compile(r"/u/[a-z2-7]{26}(/asks)?")

# No page that an email leads to needs a script, so none is allowed: mail scanners open links in browsers.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
# A page's address is its credential. It must not travel to other sites, into a shared cache or a search engine.
PRIVATE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}


class PrivateHeadersMiddleware:
    """Adds the private headers to every response; a page that sets one of them itself keeps its own value."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message), secure=scope["scheme"] == "https")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class SameOriginMiddleware:
    """Refuses what another website's page sends: Fetch Metadata, and Origin where a browser lacks it."""

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        is_changing = scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not _is_unsubscribing(scope)
        needs_origin = is_changing and scope["path"].startswith("/staff")
        is_refused = is_changing and is_cross_site(Headers(scope=scope), needs_origin=needs_origin)
        app = self._pages.cross_site() if is_refused else self._app
        await app(scope, receive, send)


class BodySizeLimitMiddleware:
    """Reads a whole form of up to 512 kB; one that is larger or takes over a minute gets a page that says so.

    A form that breaks off half-way is no form: nothing of it may count as an answer. Starlette's own limit answers with
    three bare words wherever the length is announced, so it cannot be used here.
    """

    def __init__(self, app: ASGIApp, pages: Pages, timeout: float = BODY_TIMEOUT_SECONDS) -> None:
        self._app = app
        self._pages = pages
        self._timeout = timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        is_upload = UPLOAD_PATH.fullmatch(scope["path"]) is not None and not is_own_form(Headers(scope=scope))
        try:
            async with asyncio.timeout(self._timeout):
                body = await _body(receive, MAX_READ_BYTES if is_upload else MAX_BODY_BYTES)
        except ClientDisconnect:
            # Nobody is there to read a page, and half a form is no answer.
            return
        except TimeoutError:
            await self._pages.too_slow()(scope, receive, send)
            return
        if body is None or (not is_upload and body.count(b"&") > MOST_FIELDS):
            await self._pages.too_large()(scope, receive, send)
            return
        # For those who read a form, and for a page that says that it could not be saved and gives it back.
        scope[BODY] = body
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_body() -> Message:
            return messages.pop() if messages else await receive()

        await self._app(scope, receive_body, send)


def add_headers(headers: MutableHeaders, *, secure: bool) -> None:
    """Add the private headers that a response has not set itself."""
    for name, value in PRIVATE_HEADERS.items():
        headers.setdefault(name, value)
    # Over plain HTTP browsers must ignore it (RFC 6797, 8.1), and on a local stack there is no TLS.
    if secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def is_cross_site(headers: Headers, *, needs_origin: bool = False) -> bool:
    """Tell whether a browser says that another website's page sends this.

    Where a form ``needs_origin``, one that does not say where it comes from is another website's.
    """
    site = headers.get("sec-fetch-site")
    # "none" is what a person did themselves, such as typing the address.
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    # Because our pages send no referrer, browsers say "null" as the origin of our own forms. That is as good as
    # silence, and safe: nobody else can know the address a form is sent to. Pages of staff have no secret address.
    if origin in {None, "null"}:
        return needs_origin
    return str(origin).partition("://")[2] != headers.get("host")


def _is_unsubscribing(scope: Scope) -> bool:
    # RFC 8058: a webmail's page may send it, and all it can do is what its link is for.
    return _UNSUBSCRIBE.fullmatch(scope["path"]) is not None


async def _body(receive: Receive, limit: int) -> bytes | None:
    """Return the whole body, or None where it is too large; raises ClientDisconnect where it breaks off."""
    body = bytearray()
    bytes_read, has_more = 0, True
    while has_more and bytes_read <= MAX_READ_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        bytes_read += len(chunk)
        if bytes_read <= limit:
            body += chunk
        has_more = message.get("more_body", False)
    return bytes(body) if bytes_read <= limit else None
