"""The pages that an address change leads to: the new mailbox says yes, and the old one keeps its address."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.languages import gettext
from schemas.errors import Refusal
from services.address_changes import AddressChangeService, OpenedChange
from web.links import behind_link
from web.pages import Pages


class AddressChangePages:
    """Says what the button of a link does, and does it."""

    def __init__(self, addresses: AddressChangeService, pages: Pages) -> None:
        self._addresses = addresses
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of a link in an email about an address."""
        behind = behind_link(self._addresses.open, self._pages)
        return [
            Route("/address/{token}", behind(self.show), methods=["GET"], name="address_change"),
            Route("/address/{token}", behind(self.take), methods=["POST"], name="address_change_taken"),
        ]

    async def show(self, _: Request, opened: OpenedChange) -> Response:
        """Say what the button does, or what it did; scanners open links, so this changes nothing."""
        change = opened.change
        return self._pages.page(
            "address_change.html",
            cohort=opened.cohort,
            opened=opened,
            # Whoever reads this mailbox sees no other address than its own.
            address=change.new_email if opened.confirms else change.old_email,
        )

    async def take(self, request: Request, opened: OpenedChange) -> Response:
        """Confirm the new address, or keep the old one."""
        if opened.works:
            try:
                await (self._addresses.confirm if opened.confirms else self._addresses.keep)(opened)
            except Refusal as refusal:
                return self._pages.notice(
                    gettext("We could not do this"), str(refusal), status=409, cohort=opened.cohort
                )
        return RedirectResponse(f"/address/{request.path_params['token']}", status_code=303)
