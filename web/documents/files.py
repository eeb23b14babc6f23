"""Pages that are kept as files: one file each, which needs no server, no script and nothing from elsewhere."""

from functools import cache

from schemas.cohort.settings import CohortSettings
from web.pages import STATIC, templates

STYLES = (STATIC / "mile.css", STATIC / "document.css")


def render_page(template: str, cohort: CohortSettings, **context: object) -> str:
    """Render a template that extends document.html; raises jinja2.UndefinedError where a value it needs is missing."""
    return templates.get_template(template).render({"cohort": cohort, "styles": _styles(), **context})


@cache
def _styles() -> str:
    return "\n".join(style.read_text(encoding="utf-8") for style in STYLES)
