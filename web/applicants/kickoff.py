"""The page of the kickoff: whether somebody comes to the half-day session, and a file for their calendar (A20)."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.kickoff import rsvp
from emails.calendar_file import MEDIA_TYPE
from emails.links import is_token, token_hash
from schemas.cohort.settings import HalfDaySession
from schemas.errors import Refusal
from schemas.forms.invitations import NEEDS_KEPT_DAYS
from schemas.forms.questions import Question
from schemas.kickoff.guests import Guest
from web.form import Field, filled_in, sent_back, to_copy, typed
from web.invitations import Invitation, Invitations
from web.pages import Pages


class KickoffPages:
    """Asks whether somebody comes, shows what they answered, and hands out the calendar file."""

    def __init__(self, invitations: Invitations, pages: Pages) -> None:
        self._invitations = invitations
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of the kickoff page."""
        return [
            Route("/a/{token}/kickoff", self.show, methods=["GET"], name="kickoff"),
            Route("/a/{token}/kickoff", self.take_in, methods=["POST"], name="kickoff_answered"),
            Route("/a/{token}/kickoff.ics", self.hand_out, methods=["GET"], name="kickoff_calendar"),
        ]

    async def show(self, request: Request) -> Response:
        """Show the form, or what was answered, or why there is nothing to answer."""
        opened = await self._opened(request)
        if opened is None:
            return self._pages.unknown_link()
        session, guest = opened.cohort.session, _invited(opened)
        if session is None or guest is None:
            return self._not_invited(opened)
        changing = "change" in request.query_params or guest.rsvp is None
        if self._open(opened) and changing:
            fields = filled_in(_questions(opened), rsvp.typed_rsvp(session, guest.rsvp))
            return self._form(opened, guest, fields, request)
        return self._answered(opened, session, guest, request)

    async def take_in(self, request: Request) -> Response:
        """Take in an answer; what cannot be taken comes back with everything typed."""
        opened = await self._opened(request)
        posted = await typed(request, ())
        if opened is None:
            return self._pages.unknown_link(to_copy((), posted))
        session, guest, questions = opened.cohort.session, _invited(opened), _questions(opened)
        if session is None or guest is None:
            return self._not_invited(opened, posted)
        if not self._open(opened):
            return self._answered(opened, session, guest, request, posted)
        read = rsvp.read_rsvp(questions, posted)
        if read.rsvp is None:
            return self._form(opened, guest, sent_back(questions, posted, read.reading), request, status=422)
        try:
            await self._invitations.save_rsvp(opened, read.rsvp)
        except Refusal as refusal:
            return self._notice(opened, "Your answer was not saved", str(refusal), posted=posted)
        return RedirectResponse(f"/a/{request.path_params['token']}/kickoff", status_code=303)

    async def hand_out(self, request: Request) -> Response:
        """Hand out the calendar file as things stand now."""
        opened = await self._opened(request)
        guest = _invited(opened) if opened else None
        if opened is None or guest is None:
            return self._pages.unknown_link()
        kept = {"Content-Disposition": 'attachment; filename="kickoff.ics"'}
        written = await self._invitations.calendar_file(opened, guest)
        return Response(written, headers={**kept, "Content-Type": MEDIA_TYPE})

    async def _opened(self, request: Request) -> Invitation | None:
        token = request.path_params["token"]
        return await self._invitations.open(token_hash(token)) if is_token(token) else None

    def _open(self, opened: Invitation) -> bool:
        return self._invitations.now(opened.cohort.id) < rsvp.rsvp_closes_at(opened.cohort)

    def _form(
        self, opened: Invitation, guest: Guest, fields: Sequence[Field], request: Request, status: int = 200
    ) -> Response:
        return self._page("kickoff_form.html", status, opened, guest, request, fields=fields)

    def _answered(
        self,
        opened: Invitation,
        session: HalfDaySession,
        guest: Guest,
        request: Request,
        posted: Mapping[str, str] | None = None,
    ) -> Response:
        questions = _questions(opened)
        return self._page(
            "kickoff.html",
            200 if posted is None else 409,
            opened,
            guest,
            request,
            fields=filled_in(questions, rsvp.typed_rsvp(session, guest.rsvp)),
            changeable=self._open(opened),
            typed=to_copy(questions, posted or {}),
        )

    def _page(
        self, template: str, status: int, opened: Invitation, guest: Guest, request: Request, **words: object
    ) -> Response:
        cohort = opened.cohort
        return self._pages.page(
            template,
            status,
            cohort=cohort,
            token=request.path_params["token"],
            guest=guest,
            half_days=[(half, rsvp.half_day_hours(half, cohort.locale)) for half in cohort.session.half_days]
            if cohort.session
            else [],
            kept_days=NEEDS_KEPT_DAYS,
            answered_on=local_day(guest.answered_at, cohort.time_zone) if guest.answered_at else None,
            **words,
        )

    def _not_invited(self, opened: Invitation, posted: Mapping[str, str] | None = None) -> Response:
        return self._notice(
            opened,
            "There is no invitation for you yet",
            "We invite everybody to the kickoff whose match is final. Then you find your invitation on this page."
            if opened.cohort.session
            else "Nobody is asked to answer an invitation in this class.",
            posted=posted,
        )

    def _notice(self, opened: Invitation, heading: str, sentence: str, *, posted: Mapping[str, str] | None) -> Response:
        return self._pages.notice(
            heading,
            sentence,
            status=200 if posted is None else 409,
            cohort=opened.cohort,
            typed=to_copy(_questions(opened), posted or {}),
        )


def _invited(opened: Invitation) -> Guest | None:
    return opened.guest if opened.guest and opened.guest.invited else None


def _questions(opened: Invitation) -> tuple[Question, ...]:
    session, guest = opened.cohort.session, opened.guest
    return rsvp.session_questions(session, guest.person.side, opened.cohort.locale) if session and guest else ()
