"""Files of applications as staff upload them."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from schemas.enums import Side, StaffAccess, TextEncoding
from schemas.errors import BadInput, Refusal
from services.applications.uploads import give_up, is_open, keep_uploads, kept_uploads, proposal_for
from web.staff.applications.list_page import APPLICATIONS
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.uploads import read_upload

IMPORT = f"{CLASS}/import"
MAPPING, ROWS = f"{IMPORT}/mapping", f"{IMPORT}/rows"
FILES = {Side.MENTOR: "Mentors", Side.MENTEE: "Participants"}
ENCODINGS = {
    TextEncoding.UTF_8: "UTF-8",
    TextEncoding.UTF_16: "Excel’s “Unicode Text”",
    TextEncoding.WINDOWS_1252: "Windows, western Europe and the Americas",
    TextEncoding.WINDOWS_1250: "Windows, central Europe",
    TextEncoding.MAC_ROMAN: "Excel’s “CSV (Macintosh)”",
    TextEncoding.IBM_850: "Excel’s “CSV (MS-DOS)”",
}


class UploadPage:
    """Asks for files, keeps them between the pages, and gives them up."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        route, needed = self._console.route, StaffAccess.COORDINATOR
        return [
            route(IMPORT, self.show, name="staff_import", needed=needed),
            route(IMPORT, self.keep, name="staff_import_sent", needed=needed, method="POST"),
            route(f"{IMPORT}/give-up", self.give_up, name="staff_import_give_up_sent", needed=needed, method="POST"),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Ask for files, and lead back to those that wait."""
        return await self._show(visit)

    async def keep(self, visit: StaffVisit) -> Response:
        """Keep the files, and go on with how they are read."""
        upload = await read_upload(visit.request)
        files = {side: upload.files[str(side)] for side in Side if str(side) in upload.files}
        if not files:
            return await self._show(visit, status=422, problem="Please choose a file.")
        encoding = upload.words.get("encoding", "")
        known = TextEncoding(encoding) if encoding in set(TextEncoding) else None
        try:
            await keep_uploads(visit.services, visit.member, visit.cohort.id, files, known)
        except BadInput as bad:
            return await self._show(visit, status=422, problem=str(bad))
        return RedirectResponse(visit.path(await next_page(visit)), status_code=303)

    async def give_up(self, visit: StaffVisit) -> Response:
        """Delete the files."""
        await give_up(visit.services, visit.member, visit.cohort.id)
        return RedirectResponse(visit.path(APPLICATIONS), status_code=303)

    async def _show(self, visit: StaffVisit, *, status: int = 200, problem: str = "") -> Response:
        try:
            waiting = list((await kept_uploads(visit.services, visit.member, visit.cohort.id)).values())
        except Refusal:
            waiting = []
        return await self._console.show(
            visit,
            "staff_import.html",
            status,
            problem=problem,
            waiting=[(FILES[upload.side], upload.file_name) for upload in waiting],
            files=FILES,
            encodings=ENCODINGS,
            base=visit.path(IMPORT),
            back=visit.path(APPLICATIONS),
        )


async def next_page(visit: StaffVisit) -> str:
    """Return where an import goes on: with how the files are read while something is only proposed, then with rows."""
    uploads = await kept_uploads(visit.services, visit.member, visit.cohort.id)
    proposal = await proposal_for(visit.services, visit.cohort.id, uploads)
    return MAPPING if proposal.guesses or is_open(proposal.mapping) else ROWS
