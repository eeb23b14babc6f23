"""The page behind a participant's link: GET shows the form, only POST changes anything (mail scanners open links)."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.forms import FormReading, questions_for, read_answers
from schemas.actor import Actor
from schemas.enums import MilestoneKind
from schemas.errors import Refusal
from schemas.forms.catalog import FORMS, Question
from schemas.mentorship.responses import NewResponse, ResponsePage
from services.responses import ResponseService
from web.documents.certificate import certificate
from web.form import SENT_ONCE, Field, answered_fields, copyable_answers, read_form, rejected_fields, submit_label
from web.links import behind_link
from web.pages import Pages
from web.participants.agreement import AgreementPages
from web.participants.page_state import PageState, last_day, page_state


class ResponsePages:
    """Shows the forms, saves responses and confirms them."""

    def __init__(self, responses: ResponseService, pages: Pages) -> None:
        self._responses = responses
        self._pages = pages
        self._agreements = AgreementPages(responses, pages)

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a response's link."""
        behind = behind_link(self._open, self._pages)
        return [
            Route("/r/{token}", behind(self.show_form), methods=["GET"], name="response"),
            Route("/r/{token}", behind(self.save_response), methods=["POST"], name="response_sent"),
            Route("/r/{token}/thanks", behind(self.show_thanks), methods=["GET"], name="response_thanks"),
            Route("/r/{token}/certificate.pdf", behind(self.download_certificate), methods=["GET"], name="certificate"),
        ]

    async def show_form(self, request: Request, page: ResponsePage) -> Response:
        """Show the form with what was answered before, or why there is none now."""
        if page.kind is MilestoneKind.AGREEMENT:
            token, changing = request.path_params["token"], "change" in request.query_params
            return self._agreements.show(page, token, changing=changing)
        questions = _questions(page)
        if state := self._state(page, questions):
            return self._without_form(state, page, questions, request)
        return self._form(page, answered_fields(questions, page.answers))

    async def save_response(self, request: Request, page: ResponsePage) -> Response:
        """Save the answers; a form that cannot be saved comes back with everything typed."""
        if page.kind is MilestoneKind.AGREEMENT:
            return await self._agreements.save(page, request.path_params["token"], await read_form(request, ()))
        questions = _questions(page)
        posted = await read_form(request, questions)
        reading = read_answers(questions, posted)
        if state := self._state(page, questions):
            # A second click on the button: the same answers were saved a moment ago, so there is nothing to refuse.
            if state is PageState.SENT and reading.answers == page.answers:
                return _redirect_to_thanks(request)
            return self._without_form(state, page, questions, request, posted)
        if reading.problems:
            return self._form(page, rejected_fields(questions, posted, reading), status=422)
        return await self._save(request, page, posted, reading)

    async def show_thanks(self, request: Request, page: ResponsePage) -> Response:
        """Show what was recorded, who can see it, and until when it can be changed."""
        if not page.answers:
            return RedirectResponse(f"/r/{request.path_params['token']}", status_code=303)
        if page.kind is MilestoneKind.AGREEMENT:
            return self._agreements.show_thanks(page, request.path_params["token"])
        return self._thanks(page, _questions(page), request)

    async def download_certificate(self, request: Request, page: ResponsePage) -> Response:
        """Send the certificate as a PDF; it is generated at each request, with the same bytes."""
        if self._state(page, ()) is not PageState.FAREWELL:
            return self._pages.unknown_link()
        # Typesetting is CPU-bound and would block every other request.
        pdf = await asyncio.to_thread(certificate, page)
        headers = {"Content-Disposition": 'attachment; filename="certificate.pdf"'}
        return Response(pdf, media_type="application/pdf", headers=headers)

    async def _open(self, token_hash: bytes) -> ResponsePage | None:
        page = await self._responses.open(token_hash)
        return None if page is None or page.link.revoked else page

    def _state(self, page: ResponsePage, questions: Sequence[Question]) -> PageState | None:
        return page_state(page, questions, self._responses.now(page.link.mentorship_id))

    def _without_form(
        self,
        state: PageState,
        page: ResponsePage,
        questions: Sequence[Question],
        request: Request,
        posted: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Return the page that stands where there is no form; what was posted to it can be copied from there."""
        if state is PageState.SENT and posted is None:
            return self._thanks(page, questions, request)
        return self._page(
            f"response_{state}.html",
            200 if posted is None else 409,
            page=page,
            questions=questions,
            request=request,
            opens_on=local_day(page.opens_at, page.cohort.time_zone),
            typed=copyable_answers(questions, posted or {}, page.cohort.locale),
        )

    def _thanks(self, page: ResponsePage, questions: Sequence[Question], request: Request) -> HTMLResponse:
        return self._page(
            "response_thanks.html",
            page=page,
            questions=questions,
            request=request,
            sent_once=page.kind in SENT_ONCE,
            changeable=self._state(page, questions) is None,
        )

    def _page(
        self,
        template: str,
        status: int = 200,
        *,
        page: ResponsePage,
        questions: Sequence[Question],
        request: Request,
        **words: object,
    ) -> HTMLResponse:
        """Return a page about what was answered, and until when that could be changed."""
        return self._pages.page(
            template,
            status,
            cohort=page.cohort,
            opened=page,
            token=request.path_params["token"],
            fields=answered_fields(questions, page.answers),
            last_day=last_day(page),
            sent_on=local_day(page.answered_at, page.cohort.time_zone) if page.answered_at else None,
            **words,
        )

    async def _save(
        self, request: Request, page: ResponsePage, posted: Mapping[str, str], reading: FormReading
    ) -> Response:
        response = NewResponse(
            link=page.link,
            form=page.kind,
            answers=reading.answers,
            received_at=self._responses.now(page.link.mentorship_id),
        )
        try:
            await self._responses.save(Actor.participant(page.person.id), page.cohort.id, response)
        except Refusal as refusal:
            return self._pages.notice(
                "We could not save this",
                str(refusal),
                status=409,
                cohort=page.cohort,
                typed=copyable_answers(_questions(page), posted, page.cohort.locale),
            )
        return _redirect_to_thanks(request)

    def _form(self, page: ResponsePage, fields: Sequence[Field], status: int = 200) -> HTMLResponse:
        return self._pages.page(
            "response_form.html",
            status,
            cohort=page.cohort,
            opened=page,
            form=FORMS[page.kind],
            fields=fields,
            problems=any(field.problem for field in fields),
            send=submit_label(page),
            sent_once=page.kind in SENT_ONCE,
        )


def _redirect_to_thanks(request: Request) -> RedirectResponse:
    return RedirectResponse(f"/r/{request.path_params['token']}/thanks", status_code=303)


def _questions(page: ResponsePage) -> tuple[Question, ...]:
    if page.kind is MilestoneKind.FAREWELL:
        return ()
    return questions_for(page.kind, page.link.side, page.goals)
