"""Typesetting: a template and its texts become a PDF, with the same bytes each time (docs/decisions/0009)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parents[1] / "templates"
_ONE_LINE = b'#set document(title: "letters")\n#set text(lang: "en", font: "Libertinus Serif")\n#sys.inputs.words'


def typeset(template: str, words: Mapping[str, str], dated: date) -> bytes:
    """Return a template as a PDF tagged to PDF/UA-1, set in Typst's own fonts.

    Texts in a script that these lack use a font of this machine. If no font has the glyphs, the PDF is written without
    the standard, which forbids missing glyphs. ``dated`` is the creation date in the file.
    """
    moment = datetime.combine(dated, time(), UTC)
    for own_fonts in (True, False):
        try:
            return _set(template, words, moment, own_fonts=own_fonts, accessible=True)
        except typst.TypstError:
            continue
    return _set(template, words, moment, own_fonts=False, accessible=False)


def has_glyphs_for(words: str) -> bool:
    """Tell whether the fonts of this machine have a glyph for every character of a text."""
    try:
        typst.compile(_ONE_LINE, sys_inputs={"words": words}, pdf_standards="ua-1")
    except typst.TypstError:
        return False
    return True


def _set(template: str, words: Mapping[str, str], dated: datetime, *, own_fonts: bool, accessible: bool) -> bytes:
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        sys_inputs=dict(words),
        pdf_standards="ua-1" if accessible else None,
        ignore_system_fonts=own_fonts,
        timestamp=dated,
    )
