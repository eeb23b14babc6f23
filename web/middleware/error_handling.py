"""What becomes of a fault of ours: a page that says so, and a note of its kind and place without anybody's words."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.redaction import place_of
from web.pages import Pages

_log = structlog.get_logger(__name__)


class ErrorHandlingMiddleware:
    """Answers a fault with a page and notes ``page_failed``.

    The server would log the error's own message, and PostgreSQL puts what it refuses, such as an answer, into that.
    """

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_noting_start(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting_start)
        except Exception as fault:
            _log.error("page_failed", kind=type(fault).__name__, place=place_of(fault))
            if not begun:
                await self._pages.failed()(scope, receive, send)
