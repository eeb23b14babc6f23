"""The pages that participants saw in a rehearsal; checks search them for what they must or must not show."""

from datetime import datetime

from schemas.applications.applicant import Inquiry
from schemas.base import FrozenModel
from schemas.enums import Side


class PageSeen(FrozenModel):
    """One page as one participant saw it."""

    mentorship: str
    milestone: str
    side: Side
    at: datetime
    html: str


class PublicPageSeen(FrozenModel):
    """A cohort's public page as anybody saw it, and how many mentor places were missing then by the applications.

    ``front_page`` is the program's own page as it was at that moment.
    """

    cohort: str
    at: datetime
    html: str
    missing: int
    front_page: str = ""


class FormSeen(FrozenModel):
    """A page with questions as an applicant saw it."""

    cohort: str
    html: str


class InquirySent(FrozenModel):
    """A question somebody asked before applying, and when."""

    at: datetime
    inquiry: Inquiry


class OpportunityChoice(FrozenModel):
    """What a participant said of opportunities: the title that they took up, or the kinds that emails should list."""

    mentorship: str
    side: Side
    at: datetime
    taken_up: str = ""
    kinds: tuple[str, ...] = ()


class PagesSeen:
    """Collects every page that was opened, every inquiry that was sent, and every choice of opportunities."""

    def __init__(self) -> None:
        self.pages: list[PageSeen] = []
        self.public_pages: list[PublicPageSeen] = []
        self.forms: list[FormSeen] = []
        self.inquiries: list[InquirySent] = []
        self.choices: list[OpportunityChoice] = []

    def add_page(self, mentorship: str, milestone: str, side: Side, at: datetime, html: str) -> None:
        """Add a participant's page."""
        self.pages.append(PageSeen(mentorship=mentorship, milestone=milestone, side=side, at=at, html=html))

    def add_form(self, cohort: str, html: str) -> None:
        """Add a page that an applicant saw."""
        self.forms.append(FormSeen(cohort=cohort, html=html))
