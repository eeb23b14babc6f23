"""The pages of an application: each is saved when it is left, then all are read through and handed in."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.applications.applying import application_problems, read_application
from domain.applications.eligibility import ineligibility_for_applicant
from domain.applications.window import can_change
from domain.calendar import local_day
from schemas.applications.applicant import Applicant
from schemas.applications.people import MentorApplication
from schemas.base import FrozenModel
from schemas.errors import Refusal
from schemas.forms.applying import PAGES
from schemas.forms.questions import FormPage, Question
from web.admissions import Admissions
from web.applicants.opening import ApplyingPages
from web.applicants.personal import PersonalPages, is_settled, opened, until
from web.form import Field, to_copy, typed
from web.pages import Pages

INCOMPLETE = "Something is missing or cannot be read. What you typed is saved; please complete this:"


def applying_routes(admissions: Admissions, pages: Pages) -> list[Route]:
    """Return the routes of all pages for applicants: the public ones, and those behind a personal link."""
    return [
        *ApplyingPages(admissions, pages).routes,
        *PersonalPages(admissions, pages).routes,
        *ApplicationPages(admissions, pages).routes,
    ]


class ReviewSection(FrozenModel):
    """One page of an application as the whole shows it."""

    title: str
    fields: tuple[Field, ...]


class ApplicationPages:
    """Shows and saves the pages of an application, and takes it in as a whole."""

    def __init__(self, admissions: Admissions, pages: Pages) -> None:
        self._admissions = admissions
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of an application's pages."""
        return [
            Route("/a/{token}/form/{number}", self.show, methods=["GET"], name="application_page"),
            Route("/a/{token}/form/{number}", self.save, methods=["POST"], name="application_saved"),
            Route("/a/{token}/review", self.review, methods=["GET"], name="application_review"),
            Route("/a/{token}/review", self.hand_in, methods=["POST"], name="application_handed_in"),
        ]

    async def show(self, request: Request) -> Response:
        """Show one page with all that was typed before; what was left open is marked where somebody asks for it."""
        one = await opened(request, self._admissions)
        number = _number(request, one)
        if one is None or number is None:
            return self._pages.unknown_link()
        if not self._changeable(one):
            return _to(request, "/review")
        return self._form(request, one, number, one.answers, strict="check" in request.query_params)

    async def save(self, request: Request) -> Response:
        """Keep what was typed, right or wrong, and lead where the button says."""
        one = await opened(request, self._admissions)
        number = _number(request, one)
        if one is None or number is None:
            return self._pages.unknown_link(to_copy((), await typed(request, ())))
        questions = PAGES[one.side][number - 1].questions
        posted = await typed(request, questions)
        following = _following(posted.get("go", ""), number, len(PAGES[one.side]))
        if following is None:
            return self._form(request, one, number, one.answers | _asked(questions, posted), status=422)
        try:
            await self._admissions.save_page(one, {asked.name: "" for asked in questions} | _asked(questions, posted))
        except Refusal as refusal:
            return self._refused(one, refusal, to_copy(questions, posted))
        return _to(request, following)

    async def review(self, request: Request) -> Response:
        """Show everything with what is still to do, and the button that hands it in."""
        one = await opened(request, self._admissions)
        return self._whole(request, one) if one else self._pages.unknown_link()

    async def hand_in(self, request: Request) -> Response:
        """Hand everything in; where that cannot be, say why, with everything saved."""
        one = await opened(request, self._admissions)
        if one is None:
            return self._pages.unknown_link()
        try:
            handed_in = await self._admissions.hand_in(one)
        except Refusal as refusal:
            return self._refused(one, refusal)
        if handed_in.standing:
            return _to(request, "")
        if handed_in.problems:
            return self._whole(request, one, 422, refused=INCOMPLETE)
        return self._whole(request, one, 409, refused=until(one, self._admissions.now(one.cohort.id)))

    def _changeable(self, one: Applicant) -> bool:
        return can_change(one, self._admissions.now(one.cohort.id))

    def _form(
        self,
        request: Request,
        one: Applicant,
        number: int,
        answers: Mapping[str, str],
        *,
        strict: bool = False,
        status: int = 200,
    ) -> HTMLResponse:
        pages = PAGES[one.side]
        return self._pages.page(
            "apply_form.html",
            status,
            cohort=one.cohort,
            token=request.path_params["token"],
            form=pages[number - 1],
            number=number,
            count=len(pages),
            fields=_fields(one, pages[number - 1], answers, strict=strict),
            handed_in=one.submitted_at is not None,
        )

    def _whole(self, request: Request, one: Applicant, status: int = 200, *, refused: str = "") -> HTMLResponse:
        now = self._admissions.now(one.cohort.id)
        sections = [ReviewSection(title=each.title, fields=_fields(one, each, one.answers)) for each in PAGES[one.side]]
        return self._pages.page(
            "apply_review.html",
            status,
            cohort=one.cohort,
            one=one,
            token=request.path_params["token"],
            sections=sections,
            still_open=[(at, field) for at, each in enumerate(sections, 1) for field in each.fields if field.problem],
            settled=is_settled(one),
            changeable=self._changeable(one),
            sent_on=local_day(one.submitted_at, one.cohort.time_zone) if one.submitted_at else None,
            until=until(one, now),
            why=_why(one),
            refused=refused,
        )

    def _refused(self, one: Applicant, refusal: Refusal, lost: Sequence[tuple[str, str]] = ()) -> HTMLResponse:
        return self._pages.notice("This could not be saved", str(refusal), status=409, cohort=one.cohort, typed=lost)


def _fields(one: Applicant, page: FormPage, answers: Mapping[str, str], *, strict: bool = True) -> tuple[Field, ...]:
    """Return a page's fields with what is wrong; what is merely still open is wrong only where ``strict``."""
    problems = application_problems(one.side, answers)
    return tuple(
        Field(
            question=asked,
            typed=answers.get(asked.name, ""),
            problem=problems.get(asked.name, "") if strict or answers.get(asked.name) else "",
        )
        for asked in page.questions
    )


def _why(one: Applicant) -> str | None:
    """Say what speaks against an application as it is typed now, before it is handed in."""
    application = read_application(one.side, one.answers, person_id=one.person_id, email=one.email).application
    return ineligibility_for_applicant(application, one.cohort) if isinstance(application, MentorApplication) else None


def _number(request: Request, one: Applicant | None) -> int | None:
    """Return which page is asked for, or None where there is no such page."""
    known = {str(number): number for number in range(1, len(PAGES[one.side]) + 1)} if one else {}
    return known.get(request.path_params["number"])


def _asked(questions: Sequence[Question], posted: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed as it can be kept: PostgreSQL stores no NUL, and browsers send line ends as CRLF."""
    names = {question.name for question in questions}
    clean = {name: words.replace("\r\n", "\n").replace("\x00", "") for name, words in posted.items() if name in names}
    return {name: words if words.strip() else "" for name, words in clean.items()}


def _following(go: str, number: int, count: int) -> str | None:
    """Return where a button leads, or None where none of ours was pressed: then nothing may be taken as emptied."""
    ahead = f"/form/{number + 1}" if number < count else "/review"
    behind = f"/form/{number - 1}" if number > 1 else ""
    return {"on": ahead, "back": behind, "review": "/review"}.get(go)


def _to(request: Request, below: str) -> RedirectResponse:
    return RedirectResponse(f"/a/{request.path_params['token']}{below}", status_code=303)
