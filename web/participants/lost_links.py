"""The page of those who lost their links: they type their address and get an email, if it is one of ours."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import read_answers
from domain.languages import gettext, translated
from schemas.enums import Language
from schemas.forms.applying import LOST_LINKS
from services.lost_links import LostLinkService
from web.form import Field, answered_fields, read_form, rejected_fields
from web.languages import languages_offered, named_language, speak_as_asked, with_language
from web.pages import Pages


class LostLinkPages:
    """Shows the form and the answer, which is the same for every address."""

    def __init__(self, service: LostLinkService, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes; none of them has a token."""
        return [
            Route("/links", self.show, methods=["GET"], name="lost_links"),
            Route("/links", self.send, methods=["POST"], name="lost_links_asked"),
            Route("/links/sent", self.show_sent, methods=["GET"], name="lost_links_sent"),
        ]

    async def show(self, request: Request) -> Response:
        """Show the form."""
        offered = await self._speak(request)
        return self._form(request, offered, answered_fields(translated(LOST_LINKS).questions, {}))

    async def send(self, request: Request) -> Response:
        """Send the links to the address typed; the response never reveals whether it is known."""
        offered = await self._speak(request)
        posted = read_form(request, LOST_LINKS.questions)
        reading = read_answers(LOST_LINKS.questions, posted)
        if reading.problems:
            return self._form(request, offered, rejected_fields(translated(LOST_LINKS).questions, posted, reading), 422)
        await self._service.send(reading.answers["email"])
        return RedirectResponse(with_language("/links/sent", named_language(request, offered)), status_code=303)

    async def show_sent(self, request: Request) -> Response:
        """Say what happens now, in the same words whatever the address."""
        await self._speak(request)
        return self._pages.notice(
            gettext("Check your email"),
            gettext("If we know this address, we just sent your links to it. The email should come within a minute."),
            gettext(
                "No email? Check your spam folder. Then try the address at which you get our other emails. You can ask "
                "a few times a day."
            ),
        )

    async def _speak(self, request: Request) -> Sequence[Language]:
        offered = await self._service.languages()
        if offered:
            speak_as_asked(request, offered)
        return offered

    def _form(
        self, request: Request, offered: Sequence[Language], fields: Sequence[Field], status: int = 200
    ) -> Response:
        return self._pages.page(
            "lost_links.html",
            status,
            form=translated(LOST_LINKS),
            fields=fields,
            languages_offered=languages_offered(request, offered),
        )
