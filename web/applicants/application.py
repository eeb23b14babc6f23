"""The pages of an application: each is saved when it is left, then all are reviewed and submitted."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.applications.applying import application_problems, read_application
from domain.applications.eligibility import ineligibility_for_applicant
from domain.applications.window import can_change
from domain.calendar import local_day
from domain.forms import form_for
from domain.languages import gettext, language
from schemas.actor import Actor
from schemas.applications.applicant import Applicant
from schemas.applications.people import MentorApplication
from schemas.base import FrozenModel
from schemas.errors import Refusal
from schemas.forms.application_questions import LANGUAGE
from schemas.forms.applying import PAGES
from schemas.forms.questions import FormPage, Question
from schemas.translatable import gettext_noop
from services.applicants import ApplicantService
from web.applicants.not_me import NotMePages
from web.applicants.public import PublicPages
from web.applicants.status import StatusPages, is_settled, until
from web.form import Field, copyable_answers, read_form
from web.links import behind_link
from web.pages import Pages

INCOMPLETE = gettext_noop("Please complete this before you submit:")


def applicant_routes(applicants: ApplicantService, pages: Pages) -> list[Route]:
    """Return the routes of all pages for applicants: the public ones, and those behind a personal link."""
    return [
        *PublicPages(applicants, pages).routes,
        *StatusPages(applicants, pages).routes,
        *ApplicationPages(applicants, pages).routes,
        *NotMePages(applicants, pages).routes,
    ]


class ReviewSection(FrozenModel):
    """One page of an application in the review."""

    title: str
    fields: tuple[Field, ...]


class ApplicationPages:
    """Shows and saves the pages of an application, and submits it."""

    def __init__(self, applicants: ApplicantService, pages: Pages) -> None:
        self._applicants = applicants
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of an application's pages."""
        behind = behind_link(self._applicants.open, self._pages)
        return [
            Route("/a/{token}/form/{number}", behind(self.show_page), methods=["GET"], name="application_page"),
            Route("/a/{token}/form/{number}", behind(self.save_page), methods=["POST"], name="application_saved"),
            Route("/a/{token}/review", behind(self.show_review), methods=["GET"], name="application_review"),
            Route("/a/{token}/review", behind(self.submit), methods=["POST"], name="application_submitted"),
        ]

    async def show_page(self, request: Request, applicant: Applicant) -> Response:
        """Show one page with all that was typed before; what is missing is marked where somebody asks for it."""
        number = _number(request, applicant)
        if number is None:
            return self._pages.unknown_link()
        if not self._changeable(applicant):
            return _redirect(request, "/review")
        return self._page_form(request, applicant, number, applicant.answers, strict="check" in request.query_params)

    async def save_page(self, request: Request, applicant: Applicant) -> Response:
        """Save what was typed, valid or not, and go where the button says."""
        number = _number(request, applicant)
        if number is None:
            return self._pages.unknown_link(copyable_answers((), read_form(request, ())))
        questions = _pages(applicant)[number - 1].questions
        posted = read_form(request, questions)
        following = _next_path(posted.get("go", ""), number, len(PAGES[applicant.side]))
        if following is None:
            return self._page_form(
                request, applicant, number, applicant.answers | _storable(questions, posted), status=422
            )
        try:
            # Browsers do not send unticked boxes, so every question of the page is emptied first.
            emptied = {question.name: "" for question in questions}
            actor = Actor.participant(applicant.person_id)
            await self._applicants.save_page(actor, applicant, emptied | _storable(questions, posted))
        except Refusal as refusal:
            return self._refused(applicant, refusal, copyable_answers(questions, posted))
        return _redirect(request, following)

    async def show_review(self, request: Request, applicant: Applicant) -> Response:
        """Show all answers with what is still missing, and the button that submits them."""
        return self._review_page(request, applicant)

    async def submit(self, request: Request, applicant: Applicant) -> Response:
        """Submit the application; where that is refused, say why. Everything typed stays saved."""
        try:
            result = await self._applicants.submit(Actor.participant(applicant.person_id), applicant)
        except Refusal as refusal:
            return self._refused(applicant, refusal)
        if result.status:
            return _redirect(request, "")
        if result.problems:
            return self._review_page(request, applicant, 422, refused=gettext(INCOMPLETE))
        return self._review_page(
            request, applicant, 409, refused=until(applicant, self._applicants.now(applicant.cohort.id))
        )

    def _changeable(self, applicant: Applicant) -> bool:
        return can_change(applicant, self._applicants.now(applicant.cohort.id))

    def _page_form(
        self,
        request: Request,
        applicant: Applicant,
        number: int,
        answers: Mapping[str, str],
        *,
        strict: bool = False,
        status: int = 200,
    ) -> HTMLResponse:
        pages = _pages(applicant)
        return self._pages.page(
            "application_page.html",
            status,
            cohort=applicant.cohort,
            token=request.path_params["token"],
            form=pages[number - 1],
            number=number,
            count=len(pages),
            # Chosen in advance: the language in which they read this page.
            fields=_fields(applicant, pages[number - 1], {LANGUAGE.name: language(), **answers}, strict=strict),
            submitted=applicant.submitted_at is not None,
        )

    def _review_page(
        self, request: Request, applicant: Applicant, status: int = 200, *, refused: str = ""
    ) -> HTMLResponse:
        now = self._applicants.now(applicant.cohort.id)
        sections = [
            ReviewSection(title=page.title, fields=_fields(applicant, page, applicant.answers))
            for page in _pages(applicant)
        ]
        return self._pages.page(
            "application_review.html",
            status,
            cohort=applicant.cohort,
            applicant=applicant,
            token=request.path_params["token"],
            sections=sections,
            still_open=[
                (number, field) for number, page in enumerate(sections, 1) for field in page.fields if field.problem
            ],
            settled=is_settled(applicant),
            changeable=self._changeable(applicant),
            sent_on=local_day(applicant.submitted_at, applicant.cohort.time_zone) if applicant.submitted_at else None,
            until=until(applicant, now),
            why=_broken_rule(applicant),
            refused=refused,
        )

    def _refused(self, applicant: Applicant, refusal: Refusal, lost: Sequence[tuple[str, str]] = ()) -> HTMLResponse:
        return self._pages.notice(
            gettext("We could not save this"), str(refusal), status=409, cohort=applicant.cohort, typed=lost
        )


def _pages(applicant: Applicant) -> tuple[FormPage, ...]:
    return tuple(form_for(page, applicant.cohort) for page in PAGES[applicant.side])


def _fields(
    applicant: Applicant, page: FormPage, answers: Mapping[str, str], *, strict: bool = True
) -> tuple[Field, ...]:
    """Return a page's fields with their problems; a question left empty is a problem only where ``strict``."""
    problems = application_problems(applicant.side, answers)
    return tuple(
        Field(
            question=question,
            typed=answers.get(question.name, ""),
            problem=problems.get(question.name, "") if strict or answers.get(question.name) else "",
        )
        for question in page.questions
    )


def _broken_rule(applicant: Applicant) -> str | None:
    """Return the eligibility rule that the answers typed so far break, before they are submitted (A2)."""
    reading = read_application(applicant.side, applicant.answers, person_id=applicant.person_id, email=applicant.email)
    if isinstance(reading.application, MentorApplication):
        return ineligibility_for_applicant(reading.application, applicant.cohort)
    return None


def _number(request: Request, applicant: Applicant) -> int | None:
    """Return the number of the requested page, or None where there is no such page."""
    numbers = {str(number): number for number in range(1, len(PAGES[applicant.side]) + 1)}
    return numbers.get(request.path_params["number"])


def _storable(questions: Sequence[Question], posted: Mapping[str, str]) -> dict[str, str]:
    """Return what can be saved of what was typed: PostgreSQL stores no NUL, and browsers send line ends as CRLF."""
    names = {question.name for question in questions}
    clean = {name: words.replace("\r\n", "\n").replace("\x00", "") for name, words in posted.items() if name in names}
    return {name: words if words.strip() else "" for name, words in clean.items()}


def _next_path(go: str, number: int, count: int) -> str | None:
    """Return where a button leads, or None where none of ours was pressed: then no question may be emptied."""
    ahead = f"/form/{number + 1}" if number < count else "/review"
    behind = f"/form/{number - 1}" if number > 1 else ""
    return {"on": ahead, "back": behind, "review": "/review"}.get(go)


def _redirect(request: Request, below: str) -> RedirectResponse:
    return RedirectResponse(f"/a/{request.path_params['token']}{below}", status_code=303)
