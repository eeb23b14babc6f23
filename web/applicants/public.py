"""The public pages of a cohort: whether one may apply, how to begin, and a question before (A7, B2, A42)."""

import re
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.applications.eligibility import eligibility_rules
from domain.applications.window import last_application_day
from domain.calendar import months_after
from domain.forms import FormReading, form_for, read_answers
from domain.languages import gettext, language, translated
from schemas.applications.applicant import Inquiry
from schemas.enums import Language, Side, WindowState
from schemas.errors import Refusal
from schemas.forms.application_questions import LANGUAGE
from schemas.forms.applying import BEGINNING, INQUIRY
from schemas.forms.questions import Question
from services.applicants import ApplicantService, PublicWindow
from web.form import Field, answered_fields, copyable_answers, read_form, rejected_fields
from web.handbook import handbook_page
from web.languages import languages_offered, named_language, speak_as_asked, with_language
from web.pages import Pages

# As ids of cohorts are; anything else need not reach the database.
_COHORT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class PublicPages:
    """Shows the state of a cohort's application window, begins applications, and forwards questions."""

    def __init__(self, applicants: ApplicantService, pages: Pages) -> None:
        self._applicants = applicants
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of the public pages."""
        return [
            Route("/apply/{cohort}", self.show_window, methods=["GET"], name="apply"),
            Route("/apply/{cohort}", self.begin_application, methods=["POST"], name="apply_begun"),
            Route("/apply/{cohort}/sent", self.show_link_sent, methods=["GET"], name="apply_sent"),
            Route("/handbook/{cohort}/{side}", self.show_handbook, methods=["GET"], name="handbook"),
            Route("/ask/{cohort}", self.show_inquiry, methods=["GET"], name="ask"),
            Route("/ask/{cohort}", self.send_inquiry, methods=["POST"], name="asked"),
            Route("/ask/{cohort}/sent", self.show_inquiry_sent, methods=["GET"], name="ask_sent"),
        ]

    async def show_window(self, request: Request) -> Response:
        """Show whether one may apply now, until when, and what a mentor commits to."""
        window = await self._window(request)
        if window is None:
            return self._pages.not_found()
        if window.archived:
            return self._over(window)
        questions = form_for(BEGINNING, window.cohort).questions
        return self._window_page(request, window, answered_fields(questions, {LANGUAGE.name: language()}))

    async def begin_application(self, request: Request) -> Response:
        """Send the link to the address typed; the response never reveals whether the address is known already."""
        window = await self._window(request)
        if window is None:
            return self._pages.not_found()
        if window.archived:
            return self._over(window, 409)
        questions = form_for(BEGINNING, window.cohort).questions
        posted, reading = await _read(request, questions)
        if reading.problems:
            return self._window_page(request, window, rejected_fields(questions, posted, reading), 422)
        answers = reading.answers
        chosen = Language(answers[LANGUAGE.name]) if LANGUAGE.name in answers else None
        await self._applicants.begin(window.cohort.id, answers["email"], chosen)
        return RedirectResponse(with_language(f"/apply/{window.cohort.id}/sent", chosen), status_code=303)

    async def show_link_sent(self, request: Request) -> Response:
        """Confirm that a link was sent, in the same words whatever the address."""
        window = await self._window(request)
        if window is None:
            return self._pages.not_found()
        beginning = window.state in {WindowState.OPEN, WindowState.WAITING_LIST}
        sentence = (
            gettext("We sent you an email with a link. It opens your application.")
            if beginning
            else gettext("We sent you an email with a link. You get it if you have started an application.")
        )
        return self._pages.notice(
            gettext("Check your email"),
            sentence,
            gettext(
                "No email after a few minutes? Check your spam folder, and check that you typed your address right. "
                "You can ask for the link again a few times a day."
            ),
            cohort=window.cohort,
        )

    async def show_handbook(self, request: Request) -> Response:
        """Show the handbook of a side, to everybody."""
        window, side = await self._window(request), request.path_params["side"]
        if window is None or side not in set(Side):
            return self._pages.not_found()
        offered = languages_offered(request, window.cohort.languages)
        return handbook_page(self._pages, window.cohort, Side(side), languages_offered=offered)

    async def show_inquiry(self, request: Request) -> Response:
        """Show the form for a question before applying."""
        window = await self._window(request)
        if window is None:
            return self._pages.not_found()
        if window.archived:
            return self._over(window)
        return self._inquiry_page(request, window, answered_fields(translated(INQUIRY).questions, {}))

    async def send_inquiry(self, request: Request) -> Response:
        """Forward a question to the contact (A42)."""
        window = await self._window(request)
        if window is None:
            return self._pages.not_found()
        questions = translated(INQUIRY).questions
        posted, reading = await _read(request, questions)
        if reading.problems:
            return self._inquiry_page(request, window, rejected_fields(questions, posted, reading), 422)
        try:
            await self._applicants.send_inquiry(Inquiry(cohort_id=window.cohort.id, **reading.answers))
        except Refusal as refusal:
            return self._pages.notice(
                gettext("We could not send your question"),
                str(refusal),
                status=409,
                cohort=window.cohort,
                typed=copyable_answers(questions, posted),
            )
        path = f"/ask/{window.cohort.id}/sent"
        return RedirectResponse(with_language(path, named_language(request, window.cohort.languages)), status_code=303)

    async def show_inquiry_sent(self, request: Request) -> Response:
        """Say that the question is on its way."""
        window = await self._window(request)
        if window is None:
            return self._pages.not_found()
        return self._pages.notice(
            gettext("We sent your question"),
            gettext("The %(role)s will answer by email.", role=window.cohort.contact.role),
            cohort=window.cohort,
        )

    async def _window(self, request: Request) -> PublicWindow | None:
        cohort: str = request.path_params["cohort"]
        window = await self._applicants.window(cohort) if _COHORT.fullmatch(cohort) else None
        if window:
            speak_as_asked(request, window.cohort.languages)
        return window

    def _over(self, window: PublicWindow, status: int = 200) -> Response:
        return self._pages.notice(
            gettext("This class is over"),
            gettext("You can’t apply or ask a question here any more. Please email us."),
            status=status,
            cohort=window.cohort,
        )

    def _window_page(
        self, request: Request, window: PublicWindow, fields: Sequence[Field], status: int = 200
    ) -> Response:
        cohort = window.cohort
        return self._pages.page(
            "application_window.html",
            status,
            cohort=cohort,
            state=window.state,
            missing=window.places.missing,
            last_day=last_application_day(cohort),
            ends_on=months_after(cohort.kickoff_day, cohort.timeline.months),
            rules=eligibility_rules(cohort.eligibility),
            form=form_for(BEGINNING, cohort),
            fields=fields,
            languages_offered=languages_offered(request, cohort.languages),
        )

    def _inquiry_page(
        self, request: Request, window: PublicWindow, fields: Sequence[Field], status: int = 200
    ) -> Response:
        return self._pages.page(
            "inquiry.html",
            status,
            cohort=window.cohort,
            form=translated(INQUIRY),
            fields=fields,
            languages_offered=languages_offered(request, window.cohort.languages),
        )


async def _read(request: Request, questions: Sequence[Question]) -> tuple[Mapping[str, str], FormReading]:
    posted = read_form(request, questions)
    return posted, read_answers(questions, posted)
