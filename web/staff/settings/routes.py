"""All pages and steps of staff about a class: settings, what follows from them, opportunities, links, its end."""

from starlette.routing import Route

from web.staff.classes.calendar import CalendarPage
from web.staff.classes.endings import ending_steps
from web.staff.classes.opportunities import OpportunitiesPage, opportunity_steps
from web.staff.classes.resources import ResourcesPage, resource_steps
from web.staff.console import Console
from web.staff.settings.pages import SettingsPages
from web.staff.settings.steps import settings_steps
from web.staff.steps import StepPages


def settings_routes(console: Console) -> list[Route]:
    """Return the routes."""
    steps = (*settings_steps(), *opportunity_steps(), *resource_steps(), *ending_steps())
    return [
        *SettingsPages(console).routes,
        *CalendarPage(console).routes,
        *OpportunitiesPage(console).routes,
        *ResourcesPage(console).routes,
        *StepPages(console, steps).routes,
    ]
