"""The page of a handbook: that of a class where it has one of its own, or else the program's."""

from collections.abc import Sequence

from markupsafe import Markup
from starlette.responses import HTMLResponse

from emails.guidance import standard_handbook
from emails.markdown import to_page_html
from schemas.cohort.settings import CohortSettings
from schemas.enums import Side
from web.pages import Pages


def handbook_page(
    pages: Pages,
    cohort: CohortSettings,
    side: Side,
    back: str = "",
    languages_offered: Sequence[tuple[str, str, str]] = (),
) -> HTMLResponse:
    """Return the page of a side's handbook; ``back`` leads to the page that it was opened from."""
    program = cohort.program
    own = program.mentor_handbook if side is Side.MENTOR else program.mentee_handbook
    # Markdown without HTML: there is nothing left to escape.
    text = Markup(to_page_html(own or standard_handbook(side)))  # noqa: S704
    return pages.page(
        "handbook.html",
        cohort=cohort,
        side=side,
        text=text,
        own=bool(own),
        back=back,
        languages_offered=languages_offered,
    )
