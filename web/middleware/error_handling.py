"""Error handling: a page that says so, and a log entry of the error's kind and place without anybody's words."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.redaction import place_of
from storage.database import TEMPORARY_FAULTS
from web.form import sent_fields
from web.pages import Pages

RETRY_AFTER_SECONDS = 60

_log = structlog.get_logger(__name__)


class ErrorHandlingMiddleware:
    """Answers an unexpected error with a page that has everything typed, to be sent again, and logs ``page_failed``.

    A fault of PostgreSQL that passes is no error of ours: its page (503) says to wait a minute.

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
        started = False

        async def send_and_note_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note_start)
        except TEMPORARY_FAULTS as error:
            _log.warning("page_unavailable", kind=type(error).__name__, place=place_of(error))
            if not started:
                page = self._pages.unavailable(_typed(scope))
                page.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
                await page(scope, receive, send)
        except Exception as error:
            _log.error("page_failed", kind=type(error).__name__, place=place_of(error))
            # Once the headers are out, no other page can be sent; uvicorn then closes the connection.
            if not started:
                await self._pages.server_error(_typed(scope))(scope, receive, send)


def _typed(scope: Scope) -> list[tuple[str, str]] | None:
    """Return (name, value) of everything in the form that was sent, or None where nothing was."""
    return sent_fields(scope) if scope["method"] == "POST" else None
