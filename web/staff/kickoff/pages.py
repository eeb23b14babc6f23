"""The kickoff page: who comes, what they eat and need, and what is printed. Each look at needs is audited."""

import asyncio

from starlette.responses import Response
from starlette.routing import Route

from schemas.enums import StaffAccess
from schemas.errors import Refusal
from services.kickoff.attendance import expected_guests
from services.kickoff.printing import names_to_print, pairs_to_print, printable_pairs
from services.kickoff.rsvps import GUEST_COLUMNS, RsvpOverview, export_guests, look_at_needs, rsvp_overview
from services.match_review import class_people
from web.documents.cards import PairCard, name_tags, pair_cards
from web.form import read_form
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.downloads import csv_file, download

KICKOFF = f"{CLASS}/kickoff"
NEEDS, GUESTS, CARDS, TAGS = (f"{KICKOFF}/{part}" for part in ("needs", "guests", "cards", "name-tags"))


class KickoffPages:
    """Shows the kickoff and sends its files."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes; what is looked at with a trace in the audit log is asked for by a button."""
        route, needed = self._console.route, StaffAccess.COORDINATOR
        looks = ((NEEDS, self.needs), (GUESTS, self.guests), (CARDS, self.cards), (TAGS, self.tags))
        return [
            route(KICKOFF, self.show, name="staff_kickoff", needed=needed),
            *(
                route(path, look, name=f"staff_kickoff_{look.__name__}", needed=needed, method="POST")
                for path, look in looks
            ),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show who comes by half day, and how far attendance is noted; nothing that anybody wrote."""
        overview, why_none = await _overview(visit)
        expected = await expected_guests(visit.services, visit.cohort.id)
        noted = [guest.attended for guest in expected]
        return await self._console.show(
            visit,
            "staff_kickoff.html",
            overview=overview,
            why_none=why_none,
            people=await class_people(visit.services, visit.cohort.id),
            pairs=await printable_pairs(visit.services, visit.cohort.id),
            attendance={"there": noted.count(True), "absent": noted.count(False), "not noted": noted.count(None)},
            base=visit.path(KICKOFF),
            attendance_path=visit.path(f"{CLASS}/attendance"),
        )

    async def needs(self, visit: StaffVisit) -> Response:
        """Show what people eat and need, by name."""
        guests = await look_at_needs(visit.services, visit.member.actor, visit.cohort.id)
        session = visit.cohort.session
        labels = {half.id: half.label for half in session.half_days} if session else {}
        return await self._console.show(
            visit, "staff_kickoff_needs.html", guests=guests, labels=labels, back=visit.path(KICKOFF)
        )

    async def guests(self, visit: StaffVisit) -> Response:
        """Send the list of guests, with meals and needs."""
        rows = await export_guests(visit.services, visit.member.actor, visit.cohort.id)
        return csv_file(f"{visit.cohort.id}-guests.csv", [GUEST_COLUMNS, *rows])

    async def cards(self, visit: StaffVisit) -> Response:
        """Send a card for each pair whose match is final, or for the chosen pair alone."""
        mentor, _, mentee = (read_form(visit.request, ())).get("pair", "").partition(":")
        only = ((mentor, mentee),) if mentor else ()
        printed = await pairs_to_print(visit.services, visit.member.actor, visit.cohort.id, only)
        cards = [PairCard(**dict(match)) for match in printed.pairs]
        # Typesetting takes the processor for a while, and other pages should not wait for it.
        content = await asyncio.to_thread(pair_cards, printed.settings, cards)
        return download(f"{visit.cohort.id}-pair-cards.pdf", content, "application/pdf")

    async def tags(self, visit: StaffVisit) -> Response:
        """Send everybody's name tag."""
        printed = await names_to_print(visit.services, visit.member.actor, visit.cohort.id)
        content = await asyncio.to_thread(name_tags, printed.settings, printed.people)
        return download(f"{visit.cohort.id}-name-tags.pdf", content, "application/pdf")


async def _overview(visit: StaffVisit) -> tuple[RsvpOverview | None, str]:
    try:
        return await rsvp_overview(visit.services, visit.cohort.id), ""
    except Refusal as refusal:
        return None, str(refusal)
