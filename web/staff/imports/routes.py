"""All pages and steps of the staff console that import applications."""

from starlette.routing import Route

from web.staff.console import Console
from web.staff.imports.mapping_page import MappingPage
from web.staff.imports.rows_page import RowsPage
from web.staff.imports.steps import import_steps
from web.staff.imports.upload_page import UploadPage
from web.staff.steps import StepPages


def import_routes(console: Console) -> list[Route]:
    """Return the routes."""
    pages = (UploadPage(console), MappingPage(console), RowsPage(console))
    return [*(route for page in pages for route in page.routes), *StepPages(console, import_steps()).routes]
