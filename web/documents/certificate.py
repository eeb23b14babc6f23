"""The certificate both partners get at their farewell: who, as what, in which program, from when until when (A39)."""

from domain.formatting import format_weekday
from domain.safe_text import one_line
from schemas.enums import Outcome
from schemas.mentorship.responses import ResponsePage
from web.documents.typesetting import typeset


def certificate(page: ResponsePage) -> bytes:
    """Write a participant's certificate as a PDF of one page; the same page gives the same bytes."""
    return typeset("certificate.typ", _words(page), page.ends_on)


def _words(page: ResponsePage) -> dict[str, str]:
    # The farewell page opens on the last day, before the workflow has recorded an outcome.
    is_complete = page.outcome in {None, Outcome.COMPLETED}
    begins, ends = (format_weekday(day, page.cohort.locale) for day in (page.starts_on, page.ends_on))
    words = {
        "name": page.person.name,
        "association": page.cohort.program.association,
        "program": page.cohort.program.name,
        "cohort": page.cohort.title,
        "sentence": f"{'completed' if is_complete else 'took part in'} a mentorship as a {page.link.side}",
        "dates": f"from {begins} to {ends}",
    }
    return {name: one_line(value) for name, value in words.items()}
