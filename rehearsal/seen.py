"""What participants saw of the pages in a play, so that it can be searched for what they must not see."""

from datetime import datetime

from schemas.base import Value
from schemas.words import Side


class PageSeen(Value):
    """One page as one participant saw it."""

    mentorship: str
    milestone: str
    side: Side
    at: datetime
    html: str


class PagesSeen:
    """Keeps every page that was opened."""

    def __init__(self) -> None:
        self.pages: list[PageSeen] = []

    def keep(self, mentorship: str, milestone: str, side: Side, at: datetime, html: str) -> None:
        """Keep a page."""
        self.pages.append(PageSeen(mentorship=mentorship, milestone=milestone, side=side, at=at, html=html))
