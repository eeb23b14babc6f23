"""The page behind a personal link: the application's status, what comes next, and what its owner can do."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.applications.applying import application_problems
from domain.applications.window import can_change, can_withdraw, is_in_time, last_application_day
from domain.calendar import local_day, months_after
from domain.formatting import format_weekday
from emails.links import is_token, token_hash
from schemas.actor import Actor
from schemas.applications.applicant import Applicant
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Refusal
from services.applicants import ApplicantService
from web.form import copyable_answers, read_form
from web.pages import Pages

_HEADINGS = {
    ApplicationStatus.ACCEPTED: "Your application is accepted",
    ApplicationStatus.INELIGIBLE: "Your application is here, and a rule speaks against it",
    ApplicationStatus.WAITING: "You are on the waiting list",
    ApplicationStatus.WITHDRAWN: "You have withdrawn",
}


class StatusPages:
    """Shows an applicant their status, and lets them withdraw."""

    def __init__(self, applicants: ApplicantService, pages: Pages) -> None:
        self._applicants = applicants
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a personal link itself."""
        return [
            Route("/a/{token}", self.show_status, methods=["GET"], name="personal"),
            Route("/a/{token}/withdraw", self.confirm_withdrawal, methods=["GET"], name="withdraw"),
            Route("/a/{token}/withdraw", self.withdraw, methods=["POST"], name="withdrawn"),
        ]

    async def show_status(self, request: Request) -> Response:
        """Show an application's status, with links to all its owner can do now."""
        applicant = await open_applicant(request, self._applicants)
        if applicant is None:
            return self._pages.unknown_link()
        now = self._applicants.now(applicant.cohort.id)
        return self._pages.page(
            "application_status.html",
            cohort=applicant.cohort,
            applicant=applicant,
            token=request.path_params["token"],
            heading=_heading(applicant),
            sentences=tuple(_status_sentences(applicant, now)),
            next=tuple(_next_steps(applicant, now)),
            action=_action(applicant, now),
            changeable=can_change(applicant, now),
            withdrawable=can_withdraw(applicant, now),
            invited=_is_invited(applicant),
            answer_on=_last_day_before(applicant.proposal.answer_by, applicant) if applicant.proposal else None,
        )

    async def confirm_withdrawal(self, request: Request) -> Response:
        """Ask for confirmation before an applicant withdraws."""
        applicant = await open_applicant(request, self._applicants)
        if applicant is None:
            return self._pages.unknown_link()
        if not can_withdraw(applicant, self._applicants.now(applicant.cohort.id)):
            return RedirectResponse(f"/a/{request.path_params['token']}", status_code=303)
        return self._pages.page(
            "withdrawal.html", cohort=applicant.cohort, applicant=applicant, token=request.path_params["token"]
        )

    async def withdraw(self, request: Request) -> Response:
        """Withdraw an application; a second click changes nothing."""
        applicant = await open_applicant(request, self._applicants)
        if applicant is None:
            return self._pages.unknown_link(copyable_answers((), await read_form(request, ())))
        try:
            await self._applicants.withdraw(Actor.participant(applicant.person_id), applicant)
        except Refusal as refusal:
            return self._pages.notice("This cannot be done here", str(refusal), status=409, cohort=applicant.cohort)
        return RedirectResponse(f"/a/{request.path_params['token']}", status_code=303)


async def open_applicant(request: Request, applicants: ApplicantService) -> Applicant | None:
    """Return the applicant of a request's link, or None where the link does not work."""
    token = request.path_params["token"]
    return await applicants.open(token_hash(token)) if is_token(token) else None


def is_settled(applicant: Applicant) -> bool:
    """Tell whether what somebody typed is complete and counts as it is, so that there is nothing to hand in."""
    counts = applicant.status not in {None, ApplicationStatus.WITHDRAWN}
    return counts and not applicant.changed and not application_problems(applicant.side, applicant.answers)


def until(applicant: Applicant, now: datetime) -> str:
    """Say until when somebody can hand in, and what happens after."""
    cohort, last = applicant.cohort, last_application_day(applicant.cohort)
    if applicant.side is Side.MENTEE:
        return f"Please do so before {format_weekday(cohort.kickoff, cohort.locale)}, when the mentorships begin."
    if applicant.status not in {None, ApplicationStatus.WITHDRAWN} or last is None:
        return "You can change it until the matches are made."
    closed_on = format_weekday(last, cohort.locale)
    # Whoever began before the close has some minutes of grace to finish (grace_minutes).
    if is_in_time(cohort, applicant.began_at, now):
        return f"You can hand it in until the end of {closed_on}."
    if cohort.applications and cohort.applications.waiting_list:
        return f"Applications closed on {closed_on}; if you hand it in now, you are put on the waiting list."
    return f"Applications closed on {closed_on}, so it cannot be handed in any more. What you wrote is saved."


def _heading(applicant: Applicant) -> str:
    if applicant.side is Side.MENTEE and applicant.status is ApplicationStatus.ACCEPTED:
        return "Your place in the mentorship program"
    return _HEADINGS[applicant.status] if applicant.status else "Your application is not handed in yet"


def _status_sentences(applicant: Applicant, now: datetime) -> Iterator[str]:
    if applicant.status is None:
        yield f"You have begun it, and what you wrote is saved. {until(applicant, now)}"
    elif applicant.status is ApplicationStatus.WITHDRAWN:
        yield "You take no part in this class, and we write to you no more about it."
        if can_change(applicant, now):
            yield f"If you have changed your mind, hand your application in again. {until(applicant, now)}"
    elif applicant.side is Side.MENTEE:
        yield from _mentee_sentences(applicant, now)
    elif applicant.status is ApplicationStatus.ACCEPTED:
        yield f"Thank you for offering to be a mentor ({applicant.cohort.title})."
    elif applicant.status is ApplicationStatus.WAITING:
        yield "It came after the last day. We ask you when a mentor is missing in this class."
    if applicant.why:
        yield f"{applicant.why} The people who run the program have your application and may make an exception."
    if applicant.changed and can_change(applicant, now):
        yield "You have changed something since you handed it in. What you handed in counts until you hand it in again."


def _mentee_sentences(applicant: Applicant, now: datetime) -> Iterator[str]:
    if is_settled(applicant):
        yield "Thank you for telling us about your goals, your challenges and what you hope for."
    elif can_change(applicant, now):
        yield "Please tell us about your goals, your challenges and what you hope for from a mentor."
        yield until(applicant, now)


def _next_steps(applicant: Applicant, now: datetime) -> Iterator[str]:
    cohort = applicant.cohort
    if applicant.status is not ApplicationStatus.ACCEPTED or local_day(now, cohort.time_zone) > cohort.kickoff:
        return
    if not applicant.published:
        yield "We match mentors and participants once applications are closed, and write to you then."
    elif applicant.proposal is None:
        yield "The matches are made. If you have not heard from us by now, please ask us."
    days = (cohort.kickoff, months_after(cohort.kickoff, cohort.timeline.months))
    begins_on, ends_on = (format_weekday(day, cohort.locale) for day in days)
    yield (f"Mentors and participants meet on {begins_on} at {cohort.institute.venue}, {cohort.institute.town}.")
    yield f"The mentorships last {cohort.timeline.months} months, until {ends_on}."


def _action(applicant: Applicant, now: datetime) -> str:
    if not can_change(applicant, now):
        return "Read what you wrote"
    if is_settled(applicant):
        return "Read it, or change something"
    return (
        "See your changes, and hand them in"
        if applicant.changed and applicant.submitted_at
        else "Go on with it, and hand it in"
    )


def _is_invited(applicant: Applicant) -> bool:
    """Tell whether somebody is asked to the half-day session: once a match stands, or was published for good."""
    if applicant.cohort.session is None or applicant.status is not ApplicationStatus.ACCEPTED:
        return False
    return (
        applicant.published
        if applicant.cohort.proposals is None
        else bool(applicant.proposal and applicant.proposal.final)
    )


def _last_day_before(moment: datetime, applicant: Applicant) -> date:
    return local_day(moment - timedelta(microseconds=1), applicant.cohort.time_zone)
