"""The settings of a class: an overview with a form for each group, and the cohort.toml to download and to upload."""

from starlette.responses import Response
from starlette.routing import Route

from domain.cohort.settings_questions import typed_settings
from domain.cohort.settings_writing import write_settings
from schemas.enums import StaffAccess
from schemas.forms.cohort_settings import SETTINGS_PAGES, SettingsPage
from schemas.forms.questions import Question
from web.form import Field, answered_fields
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.downloads import download
from web.staff.settings.changes import FILE
from web.staff.uploads import read_upload, upload_text

SETTINGS = f"{CLASS}/settings"


class SettingsPages:
    """Shows the settings, and takes and gives them as a file."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        route, needed = self._console.route, StaffAccess.CHAIR
        return [
            route(SETTINGS, self.show, name="staff_settings", needed=needed),
            route(f"{SETTINGS}/{FILE}", self.download, name="staff_settings_download", needed=needed),
            route(f"{SETTINGS}/upload", self.upload, name="staff_settings_upload_sent", needed=needed, method="POST"),
            route(f"{SETTINGS}/upload", self.show_upload, name="staff_settings_upload", needed=needed),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show all settings, each group with its form."""
        groups = [(page, _fields(visit, page)) for page in SETTINGS_PAGES]
        return await self._console.show(
            visit, "staff_settings.html", groups=groups, base=visit.path(SETTINGS), class_path=visit.path(CLASS)
        )

    async def download(self, visit: StaffVisit) -> Response:
        """Send the settings as a cohort.toml."""
        return download(FILE, write_settings(visit.cohort), "application/toml")

    async def show_upload(self, visit: StaffVisit) -> Response:
        """Ask for a file."""
        return await self._show_upload(visit)

    async def upload(self, visit: StaffVisit) -> Response:
        """Show what a file says, to look over before it is sent as a step."""
        upload = (await read_upload(visit.request)).files.get("file")
        if upload is None:
            return await self._show_upload(visit, status=422, problem="Please choose a file.")
        return await self._show_upload(visit, text=upload_text(upload))

    async def _show_upload(
        self, visit: StaffVisit, *, status: int = 200, text: str = "", problem: str = ""
    ) -> Response:
        field = answered_fields((FILE_QUESTION,), {"file": text})[0]
        return await self._console.show(
            visit, "staff_settings_upload.html", status, field=field, problem=problem, base=visit.path(SETTINGS)
        )


def _fields(visit: StaffVisit, page: SettingsPage) -> list[Field]:
    """Return what a page says; of a section that is left out, only that it is."""
    typed = typed_settings(visit.cohort, page)
    left_out = f"{page.section}." if page.section and page.section not in typed else None
    questions = [one for one in page.questions if left_out is None or not one.name.startswith(left_out)]
    return answered_fields(questions, typed)


FILE_QUESTION = Question(
    name="file",
    kind="text",
    label=f"The {FILE}",
    hint="Days are written as 2019-05-10, words in quotation marks. A line that begins with # is only a note.",
    required=True,
    longest=100_000,
)
