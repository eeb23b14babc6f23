"""The page of opportunities: what is open, what somebody took up, and which kinds our emails list (A16, A40)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import read_answers
from domain.languages import translated
from emails.links import OPPORTUNITIES_PAGE
from schemas.enums import OpportunityKind
from schemas.forms.opportunities import KINDS
from services.opportunity_choices import OpportunityChoices, OpportunityChoiceService
from web.form import Field, read_form
from web.links import behind_link
from web.pages import Pages

PATH = f"/u/{{token}}{OPPORTUNITIES_PAGE}"


class OpportunityPages:
    """Shows a cohort's opportunities to one participant, and saves what they say of them."""

    def __init__(self, service: OpportunityChoiceService, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes below a reminder link."""
        behind = behind_link(self._service.open, self._pages)
        return [
            Route(PATH, behind(self.show), methods=["GET"], name="opportunities"),
            Route(PATH, behind(self.choose), methods=["POST"], name="opportunities_chosen"),
            Route(f"{PATH}/{{number:int}}", behind(self.take_up), methods=["POST"], name="opportunity_taken_up"),
        ]

    async def show(self, request: Request, page: OpportunityChoices) -> Response:
        """Show what is open and what was said of it; scanners open links, so this changes nothing."""
        # Who has not chosen gets all kinds, so all are checked.
        kinds = sorted(OpportunityKind if page.kinds is None else page.kinds)
        return self._pages.page(
            "opportunities.html",
            cohort=page.cohort,
            token=request.path_params["token"],
            opportunities=page.opportunities,
            taken=page.taken,
            today=page.today,
            field=Field(question=translated(KINDS), typed=",".join(kinds)),
            saved="saved" in request.query_params,
        )

    async def choose(self, request: Request, page: OpportunityChoices) -> Response:
        """Save which kinds our emails list; what is no kind is left out."""
        reading = read_answers((KINDS,), read_form(request, (KINDS,)))
        if not reading.problems:
            chosen = reading.answers.get(KINDS.name, "")
            await self._service.choose(page, map(OpportunityKind, filter(None, chosen.split(","))))
        return _back(request, saved=not reading.problems)

    async def take_up(self, request: Request, page: OpportunityChoices) -> Response:
        """Note that an opportunity was taken up, or take that back."""
        posted = read_form(request, ())
        number = request.path_params["number"]
        await self._service.take_up(page, number, taken=posted.get("taken") == "yes")
        return _back(request, saved=any(number == each.id for each in page.opportunities))


def _back(request: Request, *, saved: bool) -> Response:
    page = f"/u/{request.path_params['token']}{OPPORTUNITIES_PAGE}"
    return RedirectResponse(f"{page}?saved=yes" if saved else page, status_code=303)
