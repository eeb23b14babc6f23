"""The certificate both partners get at their farewell: who, as what, in which program, from when until when (A39)."""

from domain.formatting import format_weekday
from domain.safe_text import one_line
from schemas.enums import Outcome
from schemas.mentorship.responses import ResponsePage
from web.documents.typesetting import typeset


def certificate(opened: ResponsePage) -> bytes:
    """Write a participant's certificate as a PDF of one page; the same page gives the same bytes."""
    return typeset("certificate.typ", _words(opened), opened.ends_on)


def _words(opened: ResponsePage) -> dict[str, str]:
    whole = opened.outcome in {None, Outcome.COMPLETED}
    begins, ends = (format_weekday(day, opened.cohort.locale) for day in (opened.starts_on, opened.ends_on))
    words = {
        "name": opened.person.name,
        "association": opened.cohort.program.association,
        "program": opened.cohort.program.name,
        "cohort": opened.cohort.title,
        "sentence": f"{'completed' if whole else 'took part in'} a mentorship as a {opened.link.side}",
        "dates": f"from {begins} to {ends}",
    }
    return {name: one_line(value) for name, value in words.items()}
