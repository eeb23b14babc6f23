"""The front page: what mentoring brings, what it asks, the classes to come, and whom to ask (A44, A45)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.applications.window import last_application_day
from domain.calendar import months_after
from domain.cohort.program_text import value_of_mentoring
from schemas.cohort.settings import Program
from schemas.mentorship.terms import TimelineSettings
from services.applicants import ApplicantService, FrontPage
from web.languages import languages_offered, speak_as_asked
from web.pages import Pages


class FrontPages:
    """Shows the front page; without a class it presents the program by its standard text."""

    def __init__(self, applicants: ApplicantService | None, pages: Pages, *, program: Program, mailbox: bool) -> None:
        self._applicants = applicants
        self._pages = pages
        self._program = program
        self._mailbox = mailbox

    @property
    def routes(self) -> list[Route]:
        """Return the route of the front page."""
        return [Route("/", self.show_front_page, methods=["GET"], name="home")]

    async def show_front_page(self, request: Request) -> Response:
        """Show the program and every class to come, each with its place, its day, and a link to its own page."""
        front = await self._applicants.front_page() if self._applicants else FrontPage()
        leading = front.leading
        if leading:
            speak_as_asked(request, leading.languages)
        return self._pages.page(
            "home.html",
            cohort=leading,
            timeline=leading.timeline if leading else TimelineSettings(),
            value=value_of_mentoring(leading.program if leading else self._program),
            classes=[
                (
                    window,
                    last_application_day(window.cohort),
                    months_after(window.cohort.kickoff_day, window.cohort.timeline.months),
                )
                for window in front.classes
            ],
            mailbox=self._mailbox,
            languages_offered=languages_offered(request, leading.languages if leading else ()),
        )
