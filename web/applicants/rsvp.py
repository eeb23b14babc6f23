"""The page of the kickoff: whether somebody comes to the half-day session, and a file for their calendar (A20)."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.kickoff import rsvp
from domain.languages import gettext
from schemas.actor import Actor
from schemas.cohort.settings import HalfDaySession
from schemas.errors import Refusal
from schemas.forms.invitations import NEEDS_KEPT_DAYS
from schemas.forms.questions import Question
from schemas.kickoff.guests import Guest
from services.invitations import Invitation, InvitationService
from web.applicants.called_off import called_off_page, is_called_off
from web.form import Field, answered_fields, copyable_answers, read_form, rejected_fields
from web.links import behind_link
from web.pages import Pages


class RsvpPages:
    """Shows the RSVP form and the answer, and sends the calendar file."""

    def __init__(self, invitations: InvitationService, pages: Pages) -> None:
        self._invitations = invitations
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of the kickoff page."""
        behind = behind_link(self._invitations.open, self._pages)
        return [
            Route("/a/{token}/kickoff", behind(self.show_rsvp), methods=["GET"], name="kickoff"),
            Route("/a/{token}/kickoff", behind(self.save_rsvp), methods=["POST"], name="kickoff_answered"),
            Route(
                "/a/{token}/kickoff.ics", behind(self.download_calendar_file), methods=["GET"], name="kickoff_calendar"
            ),
        ]

    async def show_rsvp(self, request: Request, invitation: Invitation) -> Response:
        """Show the form, or what was answered, or why there is nothing to answer."""
        session, guest = invitation.cohort.session, _invited_guest(invitation)
        if is_called_off(invitation, self._invitations.now(invitation.cohort.id)):
            return called_off_page(invitation, self._pages)
        if session is None or guest is None:
            return self._not_invited_guest(invitation)
        changing = "change" in request.query_params or guest.rsvp is None
        if self._answerable(invitation) and changing:
            fields = answered_fields(_questions(invitation), rsvp.typed_rsvp(session, guest.rsvp))
            return self._form(invitation, guest, fields, request)
        return self._answered(invitation, session, guest, request)

    async def save_rsvp(self, request: Request, invitation: Invitation) -> Response:
        """Save an answer; one that cannot be saved comes back with everything typed."""
        posted = read_form(request, ())
        session, guest, questions = invitation.cohort.session, _invited_guest(invitation), _questions(invitation)
        if session is None or guest is None:
            return self._not_invited_guest(invitation, posted)
        if not self._answerable(invitation):
            return self._answered(invitation, session, guest, request, posted)
        parsed = rsvp.read_rsvp(questions, posted)
        if parsed.rsvp is None:
            return self._form(
                invitation, guest, rejected_fields(questions, posted, parsed.reading), request, status=422
            )
        try:
            await self._invitations.save_rsvp(Actor.participant(invitation.person_id), invitation, parsed.rsvp)
        except Refusal as refusal:
            return self._notice(invitation, gettext("We could not save your answer"), str(refusal), posted=posted)
        return RedirectResponse(f"/a/{request.path_params['token']}/kickoff", status_code=303)

    async def download_calendar_file(self, request: Request, invitation: Invitation) -> Response:
        """Send the calendar file with the session's current dates and the current answer."""
        guest = _invited_guest(invitation)
        if guest is None:
            return self._pages.unknown_link()
        file = await self._invitations.calendar_file(invitation, guest)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Content-Type": file.media_type}
        return Response(file.content, headers=headers)

    def _answerable(self, invitation: Invitation) -> bool:
        return self._invitations.now(invitation.cohort.id) < rsvp.rsvp_closes_at(invitation.cohort)

    def _form(
        self, invitation: Invitation, guest: Guest, fields: Sequence[Field], request: Request, status: int = 200
    ) -> Response:
        return self._page("rsvp_form.html", status, invitation, guest, request, fields=fields)

    def _answered(
        self,
        invitation: Invitation,
        session: HalfDaySession,
        guest: Guest,
        request: Request,
        posted: Mapping[str, str] | None = None,
    ) -> Response:
        questions = _questions(invitation)
        return self._page(
            "rsvp.html",
            200 if posted is None else 409,
            invitation,
            guest,
            request,
            fields=answered_fields(questions, rsvp.typed_rsvp(session, guest.rsvp)),
            changeable=self._answerable(invitation),
            typed=copyable_answers(questions, posted or {}),
        )

    def _page(
        self, template: str, status: int, invitation: Invitation, guest: Guest, request: Request, **words: object
    ) -> Response:
        cohort = invitation.cohort
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

    def _not_invited_guest(self, invitation: Invitation, posted: Mapping[str, str] | None = None) -> Response:
        return self._notice(
            invitation,
            gettext("You have no invitation yet"),
            gettext("Once your match is final, you’ll find your invitation to the kickoff on this page.")
            if invitation.cohort.session
            else gettext("You don’t need to answer an invitation in this class."),
            posted=posted,
        )

    def _notice(
        self, invitation: Invitation, heading: str, sentence: str, *, posted: Mapping[str, str] | None
    ) -> Response:
        return self._pages.notice(
            heading,
            sentence,
            status=200 if posted is None else 409,
            cohort=invitation.cohort,
            typed=copyable_answers(_questions(invitation), posted or {}),
        )


def _invited_guest(invitation: Invitation) -> Guest | None:
    return invitation.guest if invitation.guest and invitation.guest.invited else None


def _questions(invitation: Invitation) -> tuple[Question, ...]:
    session, guest = invitation.cohort.session, invitation.guest
    return rsvp.session_questions(session, guest.person.side, invitation.cohort.locale) if session and guest else ()
