"""Pages that are kept as files: one file each, which needs no server, no script and nothing from elsewhere."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from emails.rendering import long_date, mailto
from schemas.cohort import CohortSettings
from web.pages import STATIC

STYLES = (STATIC / "mile.css", Path(__file__).parent / "templates" / "document.css")


def document(template: str, cohort: CohortSettings, **words: object) -> str:
    """Fill a template that extends document.html; raises jinja2.UndefinedError where a word it needs is missing."""
    return _templates.get_template(template).render({"cohort": cohort, "styles": _styles(), **words})


@cache
def _styles() -> str:
    return "\n".join(style.read_text(encoding="utf-8") for style in STYLES)


_templates = Environment(
    loader=PackageLoader("web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_templates.filters |= {"long_date": long_date, "mailto": mailto}
