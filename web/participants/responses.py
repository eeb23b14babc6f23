"""The page a participant's link leads to: the link shows the form, the button sends it, and nothing else acts."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.forms import FormReading, questions_for, read_answers
from emails.links import is_token, token_hash
from schemas.enums import MilestoneKind
from schemas.errors import Refusal
from schemas.forms.catalog import FORMS, Question
from schemas.mentorship.responses import NewResponse, ResponsePage
from web.desk import Desk
from web.documents.certificate import certificate
from web.form import SENT_ONCE, Field, filled_in, send_label, sent_back, to_copy, typed
from web.pages import Pages
from web.participants.agreement import AgreementPages
from web.participants.page_state import PageState, last_day, standing_of


class ResponsePages:
    """Shows, takes in and confirms responses."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages
        self._agreements = AgreementPages(desk, pages)

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a response's link."""
        return [
            Route("/r/{token}", self.show, methods=["GET"], name="response"),
            Route("/r/{token}", self.take_in, methods=["POST"], name="response_sent"),
            Route("/r/{token}/thanks", self.thank, methods=["GET"], name="response_thanks"),
            Route("/r/{token}/certificate.pdf", self.certify, methods=["GET"], name="certificate"),
        ]

    async def show(self, request: Request) -> Response:
        """Show the form with what was answered before, or why there is none now."""
        opened = await self._opened(request)
        if opened is None:
            return self._pages.unknown_link()
        if opened.kind is MilestoneKind.AGREEMENT:
            token, changing = request.path_params["token"], "change" in request.query_params
            return self._agreements.show(opened, token, changing=changing)
        questions = _questions(opened)
        if standing := self._standing(opened, questions):
            return self._instead(standing, opened, questions, request)
        return self._form(opened, filled_in(questions, opened.answers))

    async def take_in(self, request: Request) -> Response:
        """Take in the answers; what cannot be taken comes back with everything typed."""
        opened = await self._opened(request)
        if opened is None:
            return self._pages.unknown_link(to_copy((), await typed(request, ())))
        if opened.kind is MilestoneKind.AGREEMENT:
            return await self._agreements.take_in(opened, request.path_params["token"], await typed(request, ()))
        questions = _questions(opened)
        posted = await typed(request, questions)
        reading = read_answers(questions, posted)
        if standing := self._standing(opened, questions):
            if standing is PageState.SENT and reading.answers == opened.answers:
                return _noted(request)
            return self._instead(standing, opened, questions, request, posted)
        if reading.problems:
            return self._form(opened, sent_back(questions, posted, reading), status=422)
        return await self._saved(request, opened, posted, reading)

    async def thank(self, request: Request) -> Response:
        """Show what was recorded, who can see it, and until when it can be changed."""
        opened = await self._opened(request)
        if opened is None:
            return self._pages.unknown_link()
        if not opened.answers:
            return RedirectResponse(f"/r/{request.path_params['token']}", status_code=303)
        if opened.kind is MilestoneKind.AGREEMENT:
            return self._agreements.thank(opened, request.path_params["token"])
        return self._thanks(opened, _questions(opened), request)

    async def certify(self, request: Request) -> Response:
        """Hand out the certificate as a file to keep; it is written anew each time, and always the same."""
        opened = await self._opened(request)
        if opened is None or self._standing(opened, ()) is not PageState.FAREWELL:
            return self._pages.unknown_link()
        written = await asyncio.to_thread(certificate, opened)
        kept = {"Content-Disposition": 'attachment; filename="certificate.pdf"'}
        return Response(written, media_type="application/pdf", headers=kept)

    async def _opened(self, request: Request) -> ResponsePage | None:
        token = request.path_params["token"]
        opened = await self._desk.open(token_hash(token)) if is_token(token) else None
        return None if opened is None or opened.link.revoked else opened

    def _standing(self, opened: ResponsePage, questions: Sequence[Question]) -> PageState | None:
        return standing_of(opened, questions, self._desk.now(opened.link.mentorship_id))

    def _instead(
        self,
        standing: PageState,
        opened: ResponsePage,
        questions: Sequence[Question],
        request: Request,
        posted: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Return the page that stands where there is no form; what was posted to it can be copied from there."""
        if standing is PageState.SENT and posted is None:
            return self._thanks(opened, questions, request)
        return self._page(
            f"{standing}.html",
            200 if posted is None else 409,
            opened=opened,
            questions=questions,
            request=request,
            opens_on=local_day(opened.opens_at, opened.cohort.time_zone),
            typed=to_copy(questions, posted or {}),
        )

    def _thanks(self, opened: ResponsePage, questions: Sequence[Question], request: Request) -> HTMLResponse:
        return self._page(
            "thanks.html",
            opened=opened,
            questions=questions,
            request=request,
            sent_once=opened.kind in SENT_ONCE,
            changeable=self._standing(opened, questions) is None,
        )

    def _page(
        self,
        template: str,
        status: int = 200,
        *,
        opened: ResponsePage,
        questions: Sequence[Question],
        request: Request,
        **words: object,
    ) -> HTMLResponse:
        """Return a page about what was answered, and until when that could be changed."""
        return self._pages.page(
            template,
            status,
            cohort=opened.cohort,
            opened=opened,
            token=request.path_params["token"],
            fields=filled_in(questions, opened.answers),
            last_day=last_day(opened),
            sent_on=local_day(opened.answered_at, opened.cohort.time_zone) if opened.answered_at else None,
            **words,
        )

    async def _saved(
        self, request: Request, opened: ResponsePage, posted: Mapping[str, str], reading: FormReading
    ) -> Response:
        response = NewResponse(
            link=opened.link,
            form=opened.kind,
            answers=reading.answers,
            received_at=self._desk.now(opened.link.mentorship_id),
        )
        try:
            await self._desk.save(response)
        except Refusal as refusal:
            return self._pages.notice(
                "This could not be saved",
                str(refusal),
                status=409,
                cohort=opened.cohort,
                typed=to_copy(_questions(opened), posted),
            )
        return _noted(request)

    def _form(self, opened: ResponsePage, fields: Sequence[Field], status: int = 200) -> HTMLResponse:
        return self._pages.page(
            "form.html",
            status,
            cohort=opened.cohort,
            opened=opened,
            form=FORMS[opened.kind],
            fields=fields,
            problems=any(field.problem for field in fields),
            send=send_label(opened),
            sent_once=opened.kind in SENT_ONCE,
        )


def _noted(request: Request) -> RedirectResponse:
    return RedirectResponse(f"/r/{request.path_params['token']}/thanks", status_code=303)


def _questions(opened: ResponsePage) -> tuple[Question, ...]:
    if opened.kind is MilestoneKind.FAREWELL:
        return ()
    return questions_for(opened.kind, opened.link.side, opened.goals)
