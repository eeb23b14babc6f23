"""What every page behind a link does first: open it, or show the page of links that do not work."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from domain.languages import speak
from emails.links import is_token, token_hash
from schemas.enums import Language
from schemas.errors import LinkRevoked
from web.form import copyable_answers, read_form
from web.pages import Pages


class InLanguage(Protocol):
    """What a link opens has the language in which its owner reads it."""

    @property
    def language(self) -> Language:
        """Return the language of its pages."""


Opened = TypeVar("Opened", bound=InLanguage)
Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request, Opened], Awaitable[Response]]


def behind_link(
    open_link: Callable[..., Awaitable[Opened | None]], pages: Pages, *parts: str
) -> Callable[[Handler[Opened]], Endpoint]:
    """Return what makes endpoints of handlers, which get what a link opens by its token's hash.

    ``parts`` are further path parameters that say what to open. A link that opens nothing has the same page everywhere;
    it gives back what was typed into a form behind it.
    """

    def endpoint_of(handler: Handler[Opened]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            token = request.path_params["token"]
            named = [request.path_params[part] for part in parts]
            opened = await open_link(token_hash(token), *named) if is_token(token) else None
            if opened is not None:
                speak(opened.language)
                # Somebody may revoke it at this moment.
                with contextlib.suppress(LinkRevoked):
                    return await handler(request, opened)
            posted = read_form(request, ()) if request.method == "POST" else {}
            return pages.unknown_link(copyable_answers((), posted))

        return endpoint

    return endpoint_of
