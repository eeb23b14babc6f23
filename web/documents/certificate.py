"""The certificate both partners get at their farewell: who, as what, in which program, from when until when (A39)."""

from emails.lines import one_line
from emails.rendering import long_date
from schemas.enums import Outcome
from schemas.mentorship.responses import ResponsePage
from web.documents.typesetting import typeset


def certificate(opened: ResponsePage) -> bytes:
    """Write a participant's certificate as a PDF of one page; the same page gives the same bytes."""
    return typeset("certificate.typ", _words(opened), opened.ends_on)


def _words(opened: ResponsePage) -> dict[str, str]:
    whole = opened.outcome in {None, Outcome.COMPLETED}
    words = {
        "name": opened.person.name,
        "association": opened.cohort.program.association,
        "program": opened.cohort.program.name,
        "cohort": opened.cohort.title,
        "sentence": f"{'completed' if whole else 'took part in'} a mentorship as a {opened.link.side}",
        "dates": f"from {long_date(opened.starts_on)} to {long_date(opened.ends_on)}",
    }
    return {name: one_line(value) for name, value in words.items()}
