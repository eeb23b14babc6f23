"""Leaving a mentorship: asked twice, with what happens then, and taken back on one's own page."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.forms import read_answers
from domain.languages import gettext, translated
from schemas.enums import EndingReason
from schemas.errors import Refusal
from schemas.forms.own_page import LEAVE
from schemas.mentorship.my_mentorship import MyMentorship
from services.leavings import leaves_at
from services.my_mentorship import MyMentorshipService
from services.participant_steps import ParticipantStepService
from web.form import answered_fields, read_form, rejected_fields
from web.links import behind_link
from web.pages import Pages
from web.participants.addresses import own_page

PATH = "/m/{token}/{mentorship_id}"


class LeavingPages:
    """Asks why, says what happens, and takes the step only at the second yes."""

    def __init__(self, service: MyMentorshipService, steps: ParticipantStepService, pages: Pages) -> None:
        self._service = service
        self._steps = steps
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes below somebody's own page."""
        behind = behind_link(self._service.open, self._pages, "mentorship_id")
        return [
            Route(f"{PATH}/leave", behind(self.show), methods=["GET"], name="my_leave"),
            Route(f"{PATH}/leave", behind(self.leave), methods=["POST"], name="my_leave_taken"),
            Route(f"{PATH}/stay", behind(self.stay), methods=["POST"], name="my_stay_taken"),
        ]

    async def show(self, request: Request, page: MyMentorship) -> Response:
        """Ask why; scanners open links, so this changes nothing."""
        return self._form(request, page, answered_fields(translated(LEAVE).questions, {}))

    async def leave(self, request: Request, page: MyMentorship) -> Response:
        """Say what happens, or leave where that was read and confirmed."""
        posted = read_form(request, LEAVE.questions)
        reading = read_answers(LEAVE.questions, posted)
        if reading.problems:
            return self._form(request, page, rejected_fields(translated(LEAVE).questions, posted, reading), 422)
        if posted.get("act") != "leave":
            return self._pages.page(
                "leave_confirmed.html",
                cohort=page.cohort,
                back=own_page(request),
                mine=page,
                partner=page.pair.of(page.side.partner),
                ends_on=local_day(leaves_at(page.now), page.cohort.time_zone),
                reason=reading.answers["reason"],
            )
        try:
            await self._steps.leave(page, EndingReason(reading.answers["reason"]))
        except Refusal as refusal:
            return self._refused(request, page, refusal)
        return RedirectResponse(f"{own_page(request)}?saved=leave", status_code=303)

    async def stay(self, request: Request, page: MyMentorship) -> Response:
        """Take it back."""
        try:
            await self._steps.stay(page)
        except Refusal as refusal:
            return self._refused(request, page, refusal)
        return RedirectResponse(f"{own_page(request)}?saved=stay", status_code=303)

    def _form(self, request: Request, page: MyMentorship, fields: object, status: int = 200) -> Response:
        return self._pages.page(
            "own_step.html",
            status,
            cohort=page.cohort,
            back=own_page(request),
            form=translated(LEAVE),
            submit=gettext("Show me what happens"),
            fields=fields,
        )

    def _refused(self, request: Request, page: MyMentorship, refusal: Refusal) -> Response:
        return self._pages.notice(
            gettext("We could not do this"), str(refusal), status=409, cohort=page.cohort, back=own_page(request)
        )
