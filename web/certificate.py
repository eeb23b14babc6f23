"""The certificate both partners get at their farewell: who, as what, in which programme, from when until when (A39)."""

from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import typst

from emails.lines import one_line
from emails.rendering import long_date
from schemas.pages import ResponsePage
from schemas.words import Outcome

TEMPLATE = Path(__file__).parent / "templates" / "certificate.typ"


def certificate(opened: ResponsePage) -> bytes:
    """Write a participant's certificate as a PDF of one page; the same page gives the same bytes.

    It is tagged to PDF/UA-1 with fonts of its own. A name in a script they lack is set with a font of this machine; if
    none has it either, the standard, which forbids missing letters, is given up rather than the certificate.
    """
    words, ended = _words(opened), datetime.combine(opened.ends_on, time(), UTC)
    for own_fonts in (True, False):
        try:
            return _set(words, ended, own_fonts=own_fonts, accessible=True)
        except typst.TypstError:
            continue
    return _set(words, ended, own_fonts=False, accessible=False)


def _set(words: dict[str, str], dated: datetime, *, own_fonts: bool, accessible: bool) -> bytes:
    return typst.compile(
        _template(),
        sys_inputs=words,
        pdf_standards="ua-1" if accessible else None,
        ignore_system_fonts=own_fonts,
        timestamp=dated,
    )


def _words(opened: ResponsePage) -> dict[str, str]:
    whole = opened.outcome in {None, Outcome.COMPLETED}
    words = {
        "name": opened.person.name,
        "association": opened.cohort.programme.association,
        "programme": opened.cohort.programme.name,
        "cohort": opened.cohort.title,
        "sentence": f"{'completed' if whole else 'took part in'} a mentorship as a {opened.link.side}",
        "dates": f"from {long_date(opened.starts_on)} to {long_date(opened.ends_on)}",
    }
    return {name: one_line(value) for name, value in words.items()}


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
