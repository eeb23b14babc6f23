"""The list of what somebody has done to be ready: on their own page, and theirs alone."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import read_answers
from domain.languages import gettext, translated
from schemas.forms.readiness import READINESS
from schemas.mentorship.my_mentorship import MyMentorship
from services.my_mentorship import MyMentorshipService
from services.participant_steps import ParticipantStepService
from web.form import Field, answered_fields, read_form, rejected_fields
from web.links import behind_link
from web.pages import Pages
from web.participants.addresses import own_page

PATH = "/m/{token}/{mentorship_id}/ready"


class ReadinessPages:
    """Shows the list where it is not on the own page any more, and saves it."""

    def __init__(self, service: MyMentorshipService, steps: ParticipantStepService, pages: Pages) -> None:
        self._service = service
        self._steps = steps
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes below somebody's own page."""
        behind = behind_link(self._service.open, self._pages, "mentorship_id")
        return [
            Route(PATH, behind(self.show), methods=["GET"], name="my_readiness"),
            Route(PATH, behind(self.save), methods=["POST"], name="my_readiness_saved"),
        ]

    async def show(self, request: Request, page: MyMentorship) -> Response:
        """Show the list as it was saved last."""
        return self._page(request, page, readiness_fields(page))

    async def save(self, request: Request, page: MyMentorship) -> Response:
        """Save the list; nothing checked is an answer, too."""
        questions = translated(READINESS[page.side]).questions
        posted = read_form(request, questions)
        reading = read_answers(questions, posted)
        if reading.problems:
            return self._page(request, page, rejected_fields(questions, posted, reading), 422)
        await self._steps.save_readiness(page, reading.answers.get("ready", ""))
        return RedirectResponse(f"{own_page(request)}?saved=ready", status_code=303)

    def _page(self, request: Request, page: MyMentorship, fields: list[Field], status: int = 200) -> Response:
        return self._pages.page(
            "own_step.html",
            status,
            cohort=page.cohort,
            back=own_page(request),
            form=translated(READINESS[page.side]),
            submit=gettext("Save my list"),
            fields=fields,
        )


def readiness_fields(page: MyMentorship) -> list[Field]:
    """Return the list with what was checked."""
    return answered_fields(translated(READINESS[page.side]).questions, {"ready": ",".join(page.ready)})
