"""Language: each request begins in English, whatever the one before it spoke."""

from starlette.types import ASGIApp, Receive, Scope, Send

from domain.languages import in_language
from schemas.enums import Language

# What a page is written in that belongs to no class and to nobody whose language is known.
OF_NO_CLASS = Language.ENGLISH


class LanguageMiddleware:
    """Keeps the language of a request to itself: a server may answer several in one task."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        with in_language(OF_NO_CLASS):
            await self._app(scope, receive, send)
