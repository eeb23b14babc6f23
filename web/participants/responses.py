"""The page behind a participant's link: GET shows the form, only POST changes anything (mail scanners open links)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.forms import FormReading, questions_for, read_answers
from domain.languages import gettext, translated
from schemas.actor import Actor
from schemas.enums import MilestoneKind
from schemas.errors import Refusal
from schemas.forms.catalog import FORMS, Question
from schemas.mentorship.responses import NewResponse, ResponsePage
from services.my_mentorship import MyMentorshipService
from services.responses import ResponseService
from web.documents.certificate import certificate
from web.form import SENT_ONCE, Field, answered_fields, copyable_answers, read_form, rejected_fields, submit_label
from web.links import Endpoint, Handler, behind_link
from web.pages import Pages
from web.participants.addresses import page_address
from web.participants.agreement import AgreementPages
from web.participants.page_state import PageState, last_day, page_state

# The button of a page that leads on to what else is asked.
CONTINUE = "continue"
# Below a link of a check-in: its page with the answer chosen that the button of an email names.
ANSWER = "/r/{token}/answer/{status}"


class ResponsePages:
    """Shows the forms, saves responses and confirms them."""

    def __init__(
        self, responses: ResponseService, pages: Pages, my_mentorship: MyMentorshipService | None = None
    ) -> None:
        self._responses = responses
        self._pages = pages
        self._my_mentorship = my_mentorship

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a response: behind the link of an email, and below its owner's own page."""
        routes = self._routes_at("/r/{token}", behind_link(self._open, self._pages), "")
        behind = behind_link(self._open, self._pages)
        routes += [
            Route(ANSWER, behind(self.show_form), methods=["GET"], name="response_begun"),
            Route(ANSWER, behind(self.save_response), methods=["POST"], name="response_begun_sent"),
        ]
        step = behind_link(self._responses.open_step, self._pages, "milestone")
        routes += self._routes_at("/r/{token}/steps/{milestone}", step, "step_")
        if self._my_mentorship:
            parts = ("mentorship_id", "milestone")
            behind = behind_link(self._my_mentorship.open_form, self._pages, *parts)
            routes += self._routes_at("/m/{token}/{mentorship_id}/forms/{milestone}", behind, "my_")
        return routes

    def _routes_at(self, path: str, behind: Callable[[Handler[ResponsePage]], Endpoint], prefix: str) -> list[Route]:
        thanks, certificate = f"{path}/thanks", f"{path}/certificate.pdf"
        return [
            Route(path, behind(self.show_form), methods=["GET"], name=f"{prefix}response"),
            Route(path, behind(self.save_response), methods=["POST"], name=f"{prefix}response_sent"),
            Route(f"{path}/parts/{{part}}", behind(self.show_part), methods=["GET"], name=f"{prefix}agreement_part"),
            Route(f"{path}/parts/{{part}}", behind(self.save_part), methods=["POST"], name=f"{prefix}agreement_saved"),
            Route(thanks, behind(self.show_thanks), methods=["GET"], name=f"{prefix}response_thanks"),
            Route(certificate, behind(self.download_certificate), methods=["GET"], name=f"{prefix}certificate"),
        ]

    async def show_form(self, request: Request, page: ResponsePage) -> Response:
        """Show the form with what was answered before, or why there is none now."""
        if page.kind is MilestoneKind.AGREEMENT:
            return self._agreements(request).show(page, changing="change" in request.query_params)
        questions = _questions(page)
        if state := self._state(page, questions):
            return self._without_form(state, page, questions, request)
        return self._form(request, page, answered_fields(questions, page.answers or _chosen(request, page, questions)))

    async def save_response(self, request: Request, page: ResponsePage) -> Response:
        """Save the answers; a form that cannot be saved comes back with everything typed."""
        if page.kind is MilestoneKind.AGREEMENT:
            return await self._agreements(request).save(page, read_form(request, ()))
        questions = _questions(page)
        posted = read_form(request, questions)
        reading = read_answers(questions, posted)
        if state := self._state(page, questions):
            # A second click on the button: the same answers were saved a moment ago, so there is nothing to refuse.
            if state is PageState.SENT and reading.answers == page.answers:
                return _redirect_to_thanks(request)
            return self._without_form(state, page, questions, request, posted)
        if reading.problems:
            return self._form(request, page, rejected_fields(questions, posted, reading), status=422)
        return await self._save(request, page, posted, reading)

    async def show_part(self, request: Request, page: ResponsePage) -> Response:
        """Show one step of the agreement; nothing else has steps of its own."""
        if page.kind is not MilestoneKind.AGREEMENT:
            return self._pages.unknown_link()
        part, saved = request.path_params["part"], "saved" in request.query_params
        return self._agreements(request).show_step(page, part, saved=saved)

    async def save_part(self, request: Request, page: ResponsePage) -> Response:
        """Save one step of the agreement."""
        posted = read_form(request, ())
        if page.kind is not MilestoneKind.AGREEMENT:
            return self._pages.unknown_link(copyable_answers((), posted))
        return await self._agreements(request).save_step(page, request.path_params["part"], posted)

    async def show_thanks(self, request: Request, page: ResponsePage) -> Response:
        """Show what was recorded, who can see it, and until when it can be changed."""
        if not page.answers:
            return RedirectResponse(page_address(request).path, status_code=303)
        if page.kind is MilestoneKind.AGREEMENT:
            return self._agreements(request).show_thanks(page)
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

    def _agreements(self, request: Request) -> AgreementPages:
        return AgreementPages(self._responses, self._pages, page_address(request))

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
            next_step=page.next_step(),
        )

    def _thanks(self, page: ResponsePage, questions: Sequence[Question], request: Request) -> HTMLResponse:
        return self._page(
            "response_thanks.html",
            page=page,
            questions=questions,
            request=request,
            sent_once=page.kind in SENT_ONCE,
            changeable=self._state(page, questions) is None,
            next_step=page.next_step(),
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
            address=page_address(request),
            back=page_address(request).opened_from,
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
            answers=_meant(page, reading.answers),
            received_at=self._responses.now(page.link.mentorship_id),
        )
        step = page.next_step() if posted.get("act") == CONTINUE else None
        try:
            await self._responses.save(
                Actor.participant(page.person.id),
                page.cohort.id,
                response,
                in_steps=page.place() > 0,
                goes_on=step is not None,
            )
        except Refusal as refusal:
            return self._pages.notice(
                gettext("We could not save this"),
                str(refusal),
                status=409,
                cohort=page.cohort,
                back=page_address(request).opened_from,
                typed=copyable_answers(_questions(page), posted, page.cohort.locale),
            )
        if step:
            return RedirectResponse(f"{page_address(request).of_step(step.milestone)}?saved=yes", status_code=303)
        return _redirect_to_thanks(request)

    def _form(self, request: Request, page: ResponsePage, fields: Sequence[Field], status: int = 200) -> HTMLResponse:
        return self._pages.page(
            "response_form.html",
            status,
            cohort=page.cohort,
            opened=page,
            back=page_address(request).opened_from,
            form=translated(FORMS[page.kind]),
            fields=fields,
            problems=any(field.problem for field in fields),
            send=submit_label(page),
            next_step=page.next_step(),
            just_saved="saved" in request.query_params,
            sent_once=page.kind in SENT_ONCE,
        )


def _redirect_to_thanks(request: Request) -> RedirectResponse:
    return RedirectResponse(f"{page_address(request).path}/thanks", status_code=303)


def _chosen(request: Request, page: ResponsePage, questions: Sequence[Question]) -> dict[str, str]:
    """Return what a page knows before anything is answered; only its own button saves it.

    That is the answer which the button of an email names, or the day on which a pair agreed to meet.
    """
    if page.meeting_on:
        return {"held_on": page.meeting_on.isoformat()}
    if page.kind is not MilestoneKind.CHECK_IN:
        return {}
    status = {"status": request.path_params.get("status", "")}
    return read_answers([question for question in questions if question.name == "status"], status).answers


def _meant(page: ResponsePage, answers: dict[str, str]) -> dict[str, str]:
    # The page filled in the agreed day: it says nothing where the two did not meet.
    left_in = page.kind is MilestoneKind.MEETING and answers.get("held") == "not_this_time"
    return {name: words for name, words in answers.items() if not (left_in and name == "held_on")}


def _questions(page: ResponsePage) -> tuple[Question, ...]:
    if page.kind is MilestoneKind.FAREWELL:
        return ()
    return questions_for(page.kind, page.link.side, page.goals)
