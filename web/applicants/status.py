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
from domain.languages import gettext, ngettext
from schemas.actor import Actor
from schemas.applications.applicant import Applicant
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Refusal
from schemas.translatable import gettext_noop
from services.applicants import ApplicantService
from web.links import behind_link
from web.pages import Pages

_HEADINGS = {
    ApplicationStatus.ACCEPTED: gettext_noop("Your application is accepted"),
    ApplicationStatus.INELIGIBLE: gettext_noop("You don’t meet one of the requirements"),
    ApplicationStatus.WAITING: gettext_noop("You are on the waiting list"),
    ApplicationStatus.WITHDRAWN: gettext_noop("Your application is withdrawn"),
}


class StatusPages:
    """Shows an applicant their status, and lets them withdraw."""

    def __init__(self, applicants: ApplicantService, pages: Pages) -> None:
        self._applicants = applicants
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a personal link itself."""
        behind = behind_link(self._applicants.open, self._pages)
        return [
            Route("/a/{token}", behind(self.show_status), methods=["GET"], name="personal"),
            Route("/a/{token}/withdraw", behind(self.confirm_withdrawal), methods=["GET"], name="withdraw"),
            Route("/a/{token}/withdraw", behind(self.withdraw), methods=["POST"], name="withdrawn"),
        ]

    async def show_status(self, request: Request, applicant: Applicant) -> Response:
        """Show an application's status, with links to all its owner can do now."""
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
            begun=_has_begun(applicant, now),
            answer_on=_last_day_before(applicant.proposal.answer_by, applicant) if applicant.proposal else None,
        )

    async def confirm_withdrawal(self, request: Request, applicant: Applicant) -> Response:
        """Ask for confirmation before an applicant withdraws."""
        if not can_withdraw(applicant, self._applicants.now(applicant.cohort.id)):
            return RedirectResponse(f"/a/{request.path_params['token']}", status_code=303)
        return self._pages.page(
            "withdrawal.html", cohort=applicant.cohort, applicant=applicant, token=request.path_params["token"]
        )

    async def withdraw(self, request: Request, applicant: Applicant) -> Response:
        """Withdraw an application; a second click changes nothing."""
        try:
            await self._applicants.withdraw(Actor.participant(applicant.person_id), applicant)
        except Refusal as refusal:
            return self._pages.notice(
                gettext("We could not do this"), str(refusal), status=409, cohort=applicant.cohort
            )
        return RedirectResponse(f"/a/{request.path_params['token']}", status_code=303)


def is_settled(applicant: Applicant) -> bool:
    """Tell whether what somebody typed is complete and counts as it is, so that there is nothing to submit."""
    counts = applicant.status not in {None, ApplicationStatus.WITHDRAWN}
    return counts and not applicant.changed and not application_problems(applicant.side, applicant.answers)


def until(applicant: Applicant, now: datetime) -> str:
    """Say until when somebody can submit, and what happens after."""
    cohort, last = applicant.cohort, last_application_day(applicant.cohort)
    if applicant.side is Side.MENTEE:
        return gettext(
            "Please submit before %(day)s, when the mentorships start.",
            day=format_weekday(cohort.kickoff_day, cohort.locale),
        )
    if applicant.status not in {None, ApplicationStatus.WITHDRAWN} or last is None:
        return gettext("You can change it until we make the matches.")
    closed_on = format_weekday(last, cohort.locale)
    # Whoever began before the close has some minutes of grace to finish (grace_minutes).
    if is_in_time(cohort, applicant.began_at, now):
        return gettext("You can submit it until the end of %(day)s.", day=closed_on)
    if cohort.applications and cohort.applications.waiting_list:
        return gettext(
            "Applications closed on %(day)s. If you submit it now, you go on the waiting list.", day=closed_on
        )
    return gettext(
        "Applications closed on %(day)s, so you can no longer submit it. We saved what you wrote.", day=closed_on
    )


def _heading(applicant: Applicant) -> str:
    if applicant.side is Side.MENTEE and applicant.status is ApplicationStatus.ACCEPTED:
        return gettext("Your place in the mentorship program")
    return (
        gettext(_HEADINGS[applicant.status])
        if applicant.status
        else gettext("You have not submitted your application yet")
    )


def _status_sentences(applicant: Applicant, now: datetime) -> Iterator[str]:
    if applicant.status is None:
        yield " ".join((gettext("We saved what you wrote."), until(applicant, now)))
    elif applicant.status is ApplicationStatus.WITHDRAWN:
        yield gettext("We won’t match you, and we won’t email you any more about this class.")
        if can_change(applicant, now):
            yield " ".join((gettext("Changed your mind? Just submit your application again."), until(applicant, now)))
    elif applicant.side is Side.MENTEE:
        yield from _mentee_sentences(applicant, now)
    elif applicant.status is ApplicationStatus.ACCEPTED:
        yield gettext("Thank you for offering to be a mentor in the %(cohort)s.", cohort=applicant.cohort.title)
    elif applicant.status is ApplicationStatus.WAITING:
        yield gettext("We’ll email you if a place opens up. If none does, you come first in the next class.")
    if applicant.why:
        exception = gettext("Staff will look at your application and can make an exception.")
        yield f"{applicant.why} {exception}"
    if applicant.changed and can_change(applicant, now):
        yield gettext("You have changes you did not submit. What you submitted before counts until you submit again.")


def _mentee_sentences(applicant: Applicant, now: datetime) -> Iterator[str]:
    if is_settled(applicant):
        yield gettext("Thank you! We have your goals, your challenges, and your hopes.")
    elif can_change(applicant, now):
        yield gettext("Please tell us about your goals, what is hard right now, and what you hope for from a mentor.")
        yield until(applicant, now)


def _next_steps(applicant: Applicant, now: datetime) -> Iterator[str]:
    cohort = applicant.cohort
    if applicant.status is not ApplicationStatus.ACCEPTED or local_day(now, cohort.time_zone) > cohort.kickoff_day:
        return
    if not applicant.published:
        yield gettext("Staff match mentors and mentees once applications close. We’ll email you when we have a match.")
    elif applicant.proposal is None:
        yield gettext("We have made the matches. If you have not heard from us, please ask us.")
    days = (cohort.kickoff_day, months_after(cohort.kickoff_day, cohort.timeline.months))
    begins_on, ends_on = (format_weekday(day, cohort.locale) for day in days)
    yield gettext(
        "Mentors and mentees meet on %(day)s at %(venue)s, %(town)s.",
        day=begins_on,
        venue=cohort.institute.venue,
        town=cohort.institute.town,
    )
    yield ngettext(
        "The mentorships last %(months)s month, until %(day)s.",
        "The mentorships last %(months)s months, until %(day)s.",
        cohort.timeline.months,
        months=cohort.timeline.months,
        day=ends_on,
    )


def _action(applicant: Applicant, now: datetime) -> str:
    if not can_change(applicant, now):
        return gettext("See what you wrote")
    if is_settled(applicant):
        return gettext("See or change what you wrote")
    if applicant.changed and applicant.submitted_at:
        return gettext("Review and submit your changes")
    return gettext("Continue")


def _is_invited(applicant: Applicant) -> bool:
    """Tell whether somebody is asked to the half-day session: once a match stands, or was published for good."""
    if applicant.cohort.session is None or applicant.status is not ApplicationStatus.ACCEPTED:
        return False
    return (
        applicant.published
        if applicant.cohort.proposals is None
        else bool(applicant.proposal and applicant.proposal.final)
    )


def _has_begun(applicant: Applicant, now: datetime) -> bool:
    """Tell whether somebody may be in a mentorship; the link of who is not leads back to this page."""
    today = local_day(now, applicant.cohort.time_zone)
    return applicant.status is ApplicationStatus.ACCEPTED and today >= applicant.cohort.kickoff_day


def _last_day_before(moment: datetime, applicant: Applicant) -> date:
    return local_day(moment - timedelta(microseconds=1), applicant.cohort.time_zone)
