"""What every page of the staff console shares: who may open it, which class it is about, and its layout."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from domain.formatting import format_moment
from domain.labels import label
from schemas.cohort.settings import CohortSettings
from schemas.enums import StaffAccess
from schemas.errors import MileError, Refusal, UnknownCohort, UnknownMentorship
from schemas.mentorship.responses import MentorshipPair
from schemas.staff import StaffMember
from services.class_names import class_names
from services.cohort_overview import find_cohort
from services.context import ServiceContext
from services.mentorships.lookup import find_mentorship
from services.staff_sessions import StaffSessionService
from services.staff_steps import outcome_of
from web.pages import Pages
from web.staff.access import Endpoint, SignedInOnly, staff_route

CLASS = "/staff/classes/{cohort}"
MENTORSHIP = "/staff/mentorships/{mentorship}"
UNKNOWN_OUTCOME = "We got this before, and are at it or were interrupted. Look below, and in the audit log."


@dataclass(frozen=True)
class StaffVisit:
    """A request of somebody who is signed in and may make it, about a class and perhaps one of its mentorships."""

    request: Request
    member: StaffMember
    services: ServiceContext
    cohort: CohortSettings
    pair: MentorshipPair | None = None

    @property
    def params(self) -> dict[str, str]:
        """Return the parts of the address that name what it is about."""
        return dict(self.request.path_params)

    @property
    def mentorship(self) -> MentorshipPair:
        """Return the mentorship that a page about one is about."""
        if self.pair is None:
            raise TypeError("this page is about a class, not about a mentorship")
        return self.pair

    def may(self, needed: StaffAccess) -> bool:
        """Tell whether the visitor may do in this class what takes an access."""
        return self.member.may(self.cohort.id, needed)

    def moment(self, at: datetime) -> str:
        """Return a moment (aware) in the class's own time."""
        return format_moment(at, self.cohort.time_zone, self.cohort.locale)

    def path(self, pattern: str) -> str:
        """Return the address of another page about the same class or mentorship."""
        return pattern.format(**(self.params | {"cohort": self.cohort.id}))


def error_status(error: MileError) -> int:
    """Return the status of a page that says why a step was not taken."""
    return 409 if isinstance(error, Refusal) else 503


VisitHandler = Callable[[StaffVisit], Awaitable[Response]]


@dataclass(frozen=True)
class NavigationLink:
    """A part of the console in the navigation of a class, and the access that its page takes."""

    label: str
    path: str
    needed: StaffAccess = StaffAccess.COORDINATOR


@dataclass(frozen=True)
class Console:
    """Makes the routes and shows the pages of the staff console."""

    services: ServiceContext
    sessions: StaffSessionService
    pages: Pages
    navigation: Sequence[NavigationLink] = ()

    def route(self, path: str, handler: VisitHandler, *, name: str, needed: StaffAccess, method: str = "GET") -> Route:
        """Return a route about the class or the mentorship that its path names.

        A class in which the visitor holds no role looks as one that does not exist.
        """
        return staff_route(path, self._endpoint(handler, needed), method=method, name=name)

    async def show(self, visit: StaffVisit, template: str, status: int = 200, **context: object) -> HTMLResponse:
        """Fill a template of a class, with its navigation and what the step before came to."""
        return self.pages.page(
            template,
            status,
            cohort=visit.cohort,
            member=visit.member,
            navigation=[
                (link.label, link.path.format(cohort=visit.cohort.id))
                for link in self.navigation
                if visit.may(link.needed)
            ],
            here=visit.request.url.path,
            outcome=await self.outcome(visit.request, visit.member),
            **context,
        )

    async def notice(
        self, visit: StaffVisit, heading: str, *sentences: str, back: str, status: int = 200
    ) -> HTMLResponse:
        """Say one thing about a class, and lead back."""
        return await self.show(visit, "staff_notice.html", status, heading=heading, sentences=sentences, back=back)

    def _endpoint(self, handler: VisitHandler, needed: StaffAccess) -> Endpoint:
        async def serve(request: Request, member: StaffMember) -> Response:
            visit = await self._visit(request, member)
            if visit is None:
                return self.pages.not_found()
            if not visit.may(needed):
                return await self.notice(
                    visit,
                    "Your role does not allow this",
                    f"This takes the access of a {label(needed)}. Ask the chair of this class.",
                    back="/staff",
                    status=403,
                )
            try:
                return await handler(visit)
            except MileError as error:
                # A Refusal is one, too: what it is about was changed by somebody else, or is not there.
                refusal, who = str(error), await self.who(visit, str(error))
                return await self.notice(
                    visit, "This did not work", refusal, *who, back=visit.path(CLASS), status=error_status(error)
                )

        return SignedInOnly(self.sessions, self.pages)(serve)

    async def _visit(self, request: Request, member: StaffMember) -> StaffVisit | None:
        names = request.path_params
        # PostgreSQL holds no text with a NUL, so nothing is called so.
        if any("\0" in str(name) for name in names.values()):
            return None
        try:
            pair = await find_mentorship(self.services, names["mentorship"]) if "mentorship" in names else None
            cohort_id = pair.cohort.id if pair else names["cohort"]
            if cohort_id not in member.access:
                return None
            cohort = pair.cohort if pair else await find_cohort(self.services, cohort_id)
        except (UnknownCohort, UnknownMentorship):
            return None
        return StaffVisit(request, member, self.services, cohort, pair)

    async def who(self, visit: StaffVisit, refusal: str) -> tuple[str, ...]:
        """Return whom the ids in a refusal stand for: commands say the same sentence, and nobody knows ids by heart."""
        # Readers see figures, and no names.
        if not visit.may(StaffAccess.COORDINATOR):
            return ()
        return (await class_names(self.services, visit.cohort.id)).explain(refusal)

    async def outcome(self, request: Request, member: StaffMember) -> str | None:
        """Return what the step came to that led to a page, or None where none did."""
        token = request.query_params.get("done")
        outcome = await outcome_of(self.services, member, token) if token else None
        return UNKNOWN_OUTCOME if outcome == "" else outcome
