"""All pages and steps of the staff console about applications."""

from starlette.routing import Route

from web.staff.applications.decisions import decision_steps
from web.staff.applications.exports import ExportPage
from web.staff.applications.intake_page import IntakePage, intake_steps
from web.staff.applications.invitations import ProspectsPage, invitation_steps
from web.staff.applications.list_page import ApplicationsPage
from web.staff.applications.person_page import PersonPage
from web.staff.applications.window import window_steps
from web.staff.console import Console
from web.staff.steps import StepPages


def application_routes(console: Console) -> list[Route]:
    """Return the routes."""
    steps = (*decision_steps(), *window_steps(), *invitation_steps(), *intake_steps())
    return [
        *ApplicationsPage(console).routes,
        *ProspectsPage(console).routes,
        *IntakePage(console).routes,
        *ExportPage(console).routes,
        *StepPages(console, steps).routes,
        # Last: its address has a place for an id, where the steps have their names.
        *PersonPage(console).routes,
    ]
