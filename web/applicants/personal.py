"""The page behind somebody's personal link: where their application stands, what comes next, what they can do."""

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
from schemas.applications.applicant import Applicant
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Refusal
from web.admissions import Admissions
from web.form import to_copy, typed
from web.pages import Pages

_HEADINGS = {
    ApplicationStatus.ACCEPTED: "Your application is accepted",
    ApplicationStatus.INELIGIBLE: "Your application is here, and a rule speaks against it",
    ApplicationStatus.WAITING: "You are on the waiting list",
    ApplicationStatus.WITHDRAWN: "You have withdrawn",
}


class PersonalPages:
    """Shows somebody where they stand, and lets them withdraw."""

    def __init__(self, admissions: Admissions, pages: Pages) -> None:
        self._admissions = admissions
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a personal link itself."""
        return [
            Route("/a/{token}", self.show, methods=["GET"], name="personal"),
            Route("/a/{token}/withdraw", self.confirm, methods=["GET"], name="withdraw"),
            Route("/a/{token}/withdraw", self.withdraw, methods=["POST"], name="withdrawn"),
        ]

    async def show(self, request: Request) -> Response:
        """Show where somebody's application stands, and lead to all they can do now."""
        one = await opened(request, self._admissions)
        if one is None:
            return self._pages.unknown_link()
        now = self._admissions.now(one.cohort.id)
        return self._pages.page(
            "personal.html",
            cohort=one.cohort,
            one=one,
            token=request.path_params["token"],
            heading=_heading(one),
            sentences=tuple(_where_it_stands(one, now)),
            next=tuple(_what_comes_next(one, now)),
            action=_action(one, now),
            changeable=can_change(one, now),
            withdrawable=can_withdraw(one, now),
            invited=_invited(one),
            answer_on=_last_day_before(one.proposal.answer_by, one) if one.proposal else None,
        )

    async def confirm(self, request: Request) -> Response:
        """Ask once more before somebody withdraws."""
        one = await opened(request, self._admissions)
        if one is None:
            return self._pages.unknown_link()
        if not can_withdraw(one, self._admissions.now(one.cohort.id)):
            return RedirectResponse(f"/a/{request.path_params['token']}", status_code=303)
        return self._pages.page("apply_withdraw.html", cohort=one.cohort, one=one, token=request.path_params["token"])

    async def withdraw(self, request: Request) -> Response:
        """Take an application back; a second press changes nothing."""
        one = await opened(request, self._admissions)
        if one is None:
            return self._pages.unknown_link(to_copy((), await typed(request, ())))
        try:
            await self._admissions.withdraw(one)
        except Refusal as refusal:
            return self._pages.notice("This cannot be done here", str(refusal), status=409, cohort=one.cohort)
        return RedirectResponse(f"/a/{request.path_params['token']}", status_code=303)


async def opened(request: Request, admissions: Admissions) -> Applicant | None:
    """Return whose page a request's link opens, or None where the link does not work."""
    token = request.path_params["token"]
    return await admissions.open(token_hash(token)) if is_token(token) else None


def is_settled(one: Applicant) -> bool:
    """Tell whether what somebody typed is complete and counts as it is, so that there is nothing to hand in."""
    counts = one.standing not in {None, ApplicationStatus.WITHDRAWN}
    return counts and not one.changed and not application_problems(one.side, one.answers)


def until(one: Applicant, now: datetime) -> str:
    """Say until when somebody can hand in, and what happens after."""
    cohort, last = one.cohort, last_application_day(one.cohort)
    if one.side is Side.MENTEE:
        return f"Please do so before {format_weekday(cohort.kickoff, cohort.locale)}, when the mentorships begin."
    if one.standing not in {None, ApplicationStatus.WITHDRAWN} or last is None:
        return "You can change it until the matches are made."
    closed_on = format_weekday(last, cohort.locale)
    if is_in_time(cohort, one.began_at, now):
        return f"You can hand it in until the end of {closed_on}."
    if cohort.applications and cohort.applications.waiting_list:
        return f"Applications closed on {closed_on}; if you hand it in now, you are put on the waiting list."
    return f"Applications closed on {closed_on}, so it cannot be handed in any more. What you wrote is saved."


def _heading(one: Applicant) -> str:
    if one.side is Side.MENTEE and one.standing is ApplicationStatus.ACCEPTED:
        return "Your place in the mentorship program"
    return _HEADINGS[one.standing] if one.standing else "Your application is not handed in yet"


def _where_it_stands(one: Applicant, now: datetime) -> Iterator[str]:
    if one.standing is None:
        yield f"You have begun it, and what you wrote is saved. {until(one, now)}"
    elif one.standing is ApplicationStatus.WITHDRAWN:
        yield "You take no part in this class, and we write to you no more about it."
        if can_change(one, now):
            yield f"If you have changed your mind, hand your application in again. {until(one, now)}"
    elif one.side is Side.MENTEE:
        yield from _of_a_participant(one, now)
    elif one.standing is ApplicationStatus.ACCEPTED:
        yield f"Thank you for offering to be a mentor ({one.cohort.title})."
    elif one.standing is ApplicationStatus.WAITING:
        yield "It came after the last day. We ask you when a mentor is missing in this class."
    if one.why:
        yield f"{one.why} The people who run the program have your application and may make an exception."
    if one.changed and can_change(one, now):
        yield "You have changed something since you handed it in. What you handed in counts until you hand it in again."


def _of_a_participant(one: Applicant, now: datetime) -> Iterator[str]:
    if is_settled(one):
        yield "Thank you for telling us about your goals, your challenges and what you hope for."
    elif can_change(one, now):
        yield "Please tell us about your goals, your challenges and what you hope for from a mentor."
        yield until(one, now)


def _what_comes_next(one: Applicant, now: datetime) -> Iterator[str]:
    cohort = one.cohort
    if one.standing is not ApplicationStatus.ACCEPTED or local_day(now, cohort.time_zone) > cohort.kickoff:
        return
    if not one.published:
        yield "We match mentors and participants once applications are closed, and write to you then."
    elif one.proposal is None:
        yield "The matches are made. If you have not heard from us by now, please ask us."
    days = (cohort.kickoff, months_after(cohort.kickoff, cohort.timeline.months))
    begins_on, ends_on = (format_weekday(day, cohort.locale) for day in days)
    yield (f"Mentors and participants meet on {begins_on} at {cohort.institute.venue}, {cohort.institute.town}.")
    yield f"The mentorships last {cohort.timeline.months} months, until {ends_on}."


def _action(one: Applicant, now: datetime) -> str:
    if not can_change(one, now):
        return "Read what you wrote"
    if is_settled(one):
        return "Read it, or change something"
    return "See your changes, and hand them in" if one.changed and one.submitted_at else "Go on with it, and hand it in"


def _invited(one: Applicant) -> bool:
    """Tell whether somebody is asked to the half-day session: once a match stands, or was published for good."""
    if one.cohort.session is None or one.standing is not ApplicationStatus.ACCEPTED:
        return False
    return one.published if one.cohort.proposals is None else bool(one.proposal and one.proposal.final)


def _last_day_before(moment: datetime, one: Applicant) -> date:
    return local_day(moment - timedelta(microseconds=1), one.cohort.time_zone)
