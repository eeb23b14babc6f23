"""All routes of the staff console."""

from starlette.routing import Route

from schemas.enums import StaffAccess
from services.context import ServiceContext
from services.oidc import OidcService
from services.passkeys import PasskeyService
from services.staff_sessions import StaffSessionService
from web.pages import Pages
from web.staff.applications.list_page import APPLICATIONS
from web.staff.applications.routes import application_routes
from web.staff.classes.calendar import CALENDAR
from web.staff.classes.opportunities import OPPORTUNITIES
from web.staff.classes.overview import OverviewPage
from web.staff.classes.resources import RESOURCES
from web.staff.console import CLASS, Console, NavigationLink
from web.staff.home import HomePages
from web.staff.imports.routes import import_routes
from web.staff.kickoff.pages import KICKOFF, KickoffPages
from web.staff.kickoff.steps import kickoff_steps
from web.staff.matching.addresses import MATCHING
from web.staff.matching.pages import MatchingPages
from web.staff.matching.steps import matching_steps
from web.staff.mentorships.board import BOARD, HEAT_MAP, BoardPages
from web.staff.mentorships.care import care_steps
from web.staff.mentorships.changes import change_steps
from web.staff.mentorships.page import MentorshipPage
from web.staff.oidc import OidcPages
from web.staff.passkeys import PasskeyPages
from web.staff.proposals.page import PROPOSALS, ProposalsPage
from web.staff.proposals.steps import proposal_steps
from web.staff.records.routes import RECORDS, record_routes
from web.staff.settings.pages import SETTINGS
from web.staff.settings.routes import settings_routes
from web.staff.sign_in import SignInPages
from web.staff.steps import StepPages

NAVIGATION = (
    NavigationLink("Overview", CLASS, StaffAccess.READER),
    NavigationLink("Applications", APPLICATIONS),
    NavigationLink("Matching", MATCHING),
    NavigationLink("Proposals", PROPOSALS),
    NavigationLink("Kickoff", KICKOFF),
    NavigationLink("Board", BOARD),
    NavigationLink("Heat map", HEAT_MAP, StaffAccess.READER),
    NavigationLink("Opportunities", OPPORTUNITIES),
    NavigationLink("Links", RESOURCES),
    NavigationLink("What will happen", CALENDAR),
    NavigationLink("Settings", SETTINGS, StaffAccess.CHAIR),
    *RECORDS,
)


def staff_routes(services: ServiceContext, sessions: StaffSessionService, pages: Pages) -> list[Route]:
    """Return the routes of the staff console."""
    console = Console(services, sessions, pages, NAVIGATION)
    steps = (*change_steps(), *care_steps(), *matching_steps(), *proposal_steps(), *kickoff_steps())
    oidc = OidcService(services, sessions)
    passkeys = PasskeyService(services, sessions, pages.program.short_name)
    return [
        *PasskeyPages(passkeys, pages).routes,
        *OidcPages(oidc, pages).routes,
        *SignInPages(sessions, passkeys, oidc, pages).routes,
        *HomePages(console).routes,
        *OverviewPage(console).routes,
        *MatchingPages(console).routes,
        *ProposalsPage(console).routes,
        *KickoffPages(console).routes,
        *BoardPages(console).routes,
        *MentorshipPage(console).routes,
        *application_routes(console),
        *import_routes(console),
        *settings_routes(console),
        *StepPages(console, steps).routes,
        *record_routes(console),
    ]
