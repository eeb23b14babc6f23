"""The page a participant's link leads to: the link shows the form, the button sends it, and nothing else acts."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.answers import questions_for, read_answers
from emails.rendering import long_date
from emails.tokens import is_token, token_hash
from schemas.forms import FORMS, Question
from schemas.pages import NewResponse, ResponsePage
from web.desk import Desk
from web.form import SEND, Field, filled_in, sent_back
from web.pages import Pages

FORM_ENCODING = "application/x-www-form-urlencoded"


class ResponsePages:
    """Shows, takes in and confirms responses."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a response's link."""
        return [
            Route("/r/{token}", self.show, methods=["GET"], name="response"),
            Route("/r/{token}", self.take_in, methods=["POST"], name="response_sent"),
            Route("/r/{token}/thanks", self.thank, methods=["GET"], name="response_thanks"),
        ]

    async def show(self, request: Request) -> Response:
        """Show the form with what was answered before, or why there is none now."""
        opened = await self._opened(request)
        if opened is None:
            return self._pages.unknown_link()
        questions = _questions(opened)
        return self._unavailable(opened, questions) or self._form(opened, filled_in(questions, opened.answers))

    async def take_in(self, request: Request) -> Response:
        """Take in the answers; what cannot be kept comes back with everything typed."""
        opened = await self._opened(request)
        if opened is None:
            return self._pages.unknown_link()
        questions = _questions(opened)
        if unavailable := self._unavailable(opened, questions, status=409):
            return unavailable
        posted = await _typed(request)
        reading = read_answers(questions, posted)
        if reading.problems:
            return self._form(opened, sent_back(questions, posted, reading), status=422)
        await self._desk.save(self._response(opened, reading.answers))
        return RedirectResponse(f"{request.url.path}/thanks", status_code=303)

    async def thank(self, request: Request) -> Response:
        """Show what was recorded, who can see it, and until when it can be changed."""
        opened = await self._opened(request)
        if opened is None:
            return self._pages.unknown_link()
        if not opened.answers:
            return RedirectResponse(f"/r/{request.path_params['token']}", status_code=303)
        return self._pages.page(
            "thanks.html",
            cohort=opened.cohort,
            opened=opened,
            token=request.path_params["token"],
            fields=filled_in(_questions(opened), opened.answers),
            changeable=self._desk.now(opened.link.mentorship_id) < opened.closes_at,
        )

    async def _opened(self, request: Request) -> ResponsePage | None:
        token = request.path_params["token"]
        opened = await self._desk.open(token_hash(token)) if is_token(token) else None
        return None if opened is None or opened.link.revoked else opened

    def _unavailable(
        self, opened: ResponsePage, questions: Sequence[Question], status: int = 200
    ) -> HTMLResponse | None:
        """Return the page that says why there is no form now, or None where there is one."""
        now = self._desk.now(opened.link.mentorship_id)
        if now < opened.opens_at:
            return self._not_yet(opened, status)
        if now >= opened.closes_at:
            return self._pages.page(
                "closed.html", status, cohort=opened.cohort, opened=opened, fields=filled_in(questions, opened.answers)
            )
        return None if questions else self._nothing_to_ask(opened, status)

    def _not_yet(self, opened: ResponsePage, status: int) -> HTMLResponse:
        opens_on = opened.opens_at.astimezone(ZoneInfo(opened.cohort.time_zone)).date()
        return self._pages.notice(
            "This form is not open yet",
            f"You can answer from {long_date(opens_on)} until {long_date(opened.closes_on)}.",
            "We write to you when it opens; the same link will work then.",
            status=status,
            cohort=opened.cohort,
        )

    def _nothing_to_ask(self, opened: ResponsePage, status: int) -> HTMLResponse:
        return self._pages.notice(
            "There is nothing to answer here",
            "No goals are noted for your mentorship yet, so there is nothing to report on.",
            "Talk about goals with your partner. If you have goals and miss them here, tell us.",
            status=status,
            cohort=opened.cohort,
        )

    def _form(self, opened: ResponsePage, fields: Sequence[Field], status: int = 200) -> HTMLResponse:
        return self._pages.page(
            "form.html",
            status,
            cohort=opened.cohort,
            opened=opened,
            form=FORMS[opened.kind],
            fields=fields,
            problems=any(field.problem for field in fields),
            send="Save my changes" if opened.answers else SEND[opened.kind],
        )

    def _response(self, opened: ResponsePage, answers: dict[str, str]) -> NewResponse:
        return NewResponse(
            link=opened.link,
            form=opened.kind,
            answers=answers,
            received_at=self._desk.now(opened.link.mentorship_id),
        )


async def _typed(request: Request) -> dict[str, str]:
    """Return what was typed, read only in the encoding of our own forms.

    A multipart form names the alphabet it is to be decoded with, and so could smuggle in halves of letters.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_ENCODING:
        return {}
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _questions(opened: ResponsePage) -> tuple[Question, ...]:
    return questions_for(opened.kind, opened.link.side, opened.goals)
