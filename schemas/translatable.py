"""Texts that participants read in their own language: written in English here, looked up in a catalog where shown.

``domain/languages.py`` looks them up; ``make translations`` collects them.
"""

from typing import Annotated, TypeAlias


class Translatable:
    """Marks a field whose English text is a message of the catalogs."""


Text: TypeAlias = Annotated[str, Translatable()]


def gettext_noop(text: str) -> str:
    """Mark a constant as a message of the catalogs, and return it as it is."""
    return text
