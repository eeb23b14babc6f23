"""How the files of another form are read: proposed, looked over, and chosen otherwise where it is wrong."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.applications.csv.proposal import MappingProposal
from schemas.enums import StaffAccess
from services.applications.uploads import Uploads, is_open, kept_uploads, mapping_of, proposal_for, read_as
from web.form import read_form
from web.staff.console import Console, StaffVisit
from web.staff.imports.mapping_form import chosen_mapping, mapping_fields
from web.staff.imports.upload_page import IMPORT, MAPPING, ROWS


class MappingPage:
    """Shows what is proposed, and keeps what is chosen."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        route, needed = self._console.route, StaffAccess.COORDINATOR
        return [
            route(MAPPING, self.show, name="staff_import_mapping", needed=needed),
            route(MAPPING, self.choose, name="staff_import_mapping_sent", needed=needed, method="POST"),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show what is proposed."""
        uploads = await kept_uploads(visit.services, visit.member, visit.cohort.id)
        proposal = await proposal_for(visit.services, visit.cohort.id, uploads)
        return await self._show(visit, uploads, proposal)

    async def choose(self, visit: StaffVisit) -> Response:
        """Keep what was chosen; a column that is read now may have words that nobody has decided yet."""
        uploads = await kept_uploads(visit.services, visit.member, visit.cohort.id)
        chosen = chosen_mapping(uploads, mapping_of(uploads), read_form(visit.request, ()))
        await read_as(visit.services, visit.member, visit.cohort.id, uploads, chosen)
        uploads = await kept_uploads(visit.services, visit.member, visit.cohort.id)
        proposal = await proposal_for(visit.services, visit.cohort.id, uploads)
        if not proposal.guesses and not is_open(proposal.mapping):
            return RedirectResponse(visit.path(ROWS), status_code=303)
        return await self._show(visit, uploads, proposal, strict=True)

    async def _show(
        self, visit: StaffVisit, uploads: Uploads, proposal: MappingProposal, *, strict: bool = False
    ) -> Response:
        sides = mapping_fields(uploads, proposal, strict=strict)
        return await self._console.show(
            visit,
            "staff_import_mapping.html",
            422 if strict else 200,
            sides=sides,
            problems=[field for side in sides for field in side.problems],
            base=visit.path(IMPORT),
        )
