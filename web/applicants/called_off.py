"""What the pages of a class say that was archived before its kickoff: there is nothing to answer any more."""

from datetime import datetime

from starlette.responses import HTMLResponse

from domain.kickoff.rsvp import rsvp_closes_at
from domain.languages import gettext
from services.invitations import Invitation
from web.pages import Pages


def is_called_off(invitation: Invitation, now: datetime) -> bool:
    """Tell whether a class is called off; one whose kickoff is past may be archived because all of it is over."""
    return invitation.called_off and now < rsvp_closes_at(invitation.cohort)


def called_off_page(invitation: Invitation, pages: Pages) -> HTMLResponse:
    """Return the page that says so."""
    return pages.notice(
        gettext("The class is called off"),
        gettext("There is no kickoff, so you don’t need to answer."),
        cohort=invitation.cohort,
    )
