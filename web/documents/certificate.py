"""The certificate both partners get at their farewell: who, as what, in which program, from when until when (A39)."""

from domain.formatting import format_weekday
from domain.languages import gettext, language
from domain.safe_text import one_line
from schemas.enums import Outcome, Side
from schemas.mentorship.responses import ResponsePage
from web.documents.typesetting import typeset


def certificate(page: ResponsePage) -> bytes:
    """Write a participant's certificate as a PDF of one page, in their language; the same page gives the same bytes."""
    return typeset("certificate.typ", _words(page), page.ends_on)


def _words(page: ResponsePage) -> dict[str, str]:
    begins, ends = (format_weekday(day, page.cohort.locale) for day in (page.starts_on, page.ends_on))
    words = {
        "language": language(),
        "title": gettext("Certificate for %(name)s", name=page.person.name),
        "heading": gettext("Certificate"),
        "name": page.person.name,
        "association": page.cohort.program.association,
        "program": page.cohort.program.name,
        "cohort": page.cohort.title,
        "sentence": _sentence(page),
        "dates": gettext("from %(begins)s to %(ends)s", begins=begins, ends=ends),
    }
    return {name: one_line(value) for name, value in words.items()}


def _sentence(page: ResponsePage) -> str:
    # The farewell page opens on the last day, before the workflow has recorded an outcome.
    is_complete = page.outcome in {None, Outcome.COMPLETED}
    return {
        (Side.MENTOR, True): gettext("completed a mentorship as a mentor"),
        (Side.MENTEE, True): gettext("completed a mentorship as a mentee"),
        (Side.MENTOR, False): gettext("took part in a mentorship as a mentor"),
        (Side.MENTEE, False): gettext("took part in a mentorship as a mentee"),
    }[page.link.side, is_complete]
