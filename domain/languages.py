"""Texts in the language of whoever reads them, from gettext catalogs whose messages are our own English sentences.

A page or an email is written in one language, which is set once before anything is put into words; until then, and for
staff, it is English. A text that a catalog does not have stays English.
"""

import gettext as standard
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, TypeVar

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas.enums import Language
from schemas.translatable import Translatable

Model = TypeVar("Model", bound=BaseModel)

_language: ContextVar[Language] = ContextVar("language", default=Language.ENGLISH)


def language() -> Language:
    """Return the language in which texts are written now."""
    return _language.get()


def speak(language: Language) -> None:
    """Write everything in a language from here on, for as long as the task runs that answers this request."""
    _language.set(language)


@contextmanager
def in_language(language: Language) -> Iterator[None]:
    """Write everything within the block in a language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def negotiated(preferred: Sequence[str], offered: Sequence[Language]) -> Language:
    """Return the first of somebody's languages, such as ``es-MX``, that is offered, or else the first that is."""
    found = negotiate_locale(preferred, offered, sep="-")
    return Language(found) if found else offered[0]


def direction() -> str:
    """Return ``ltr`` or ``rtl``: how the language is written."""
    return Locale.parse(language()).text_direction


def gettext(message: str, /, **values: object) -> str:
    """Return a message in the reader's language; ``%(name)s`` in it stands for a value of that name."""
    text = catalog(language()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the form of a message that goes with a number."""
    text = catalog(language()).ngettext(one, many, number)
    return text % values if values else text


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Return a message whose meaning depends on where it stands."""
    text = catalog(language()).pgettext(context, message)
    return text % values if values else text


def translated(model: Model) -> Model:
    """Return a form, a question or another model with its texts, and those of the models in it, in the language."""
    return model if language() is Language.ENGLISH else _translated(model)


def texts_of(model: BaseModel) -> Iterator[str]:
    """Yield the texts of a model, and of the models in it, that are messages of the catalogs."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if _is_text(field):
            yield from [value] if value else []
        else:
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, BaseModel):
                    yield from texts_of(part)


def local_locale(identifier: str) -> Locale:
    """Return the locale of a class in the reader's language, such as ``es_US`` for ``en_US``."""
    return _locale(identifier, language())


@cache
def catalog(language: Language) -> standard.NullTranslations:
    """Return the messages of a language; English has none of its own, because the messages are English."""
    if language is Language.ENGLISH:
        return standard.NullTranslations()
    with (files("domain") / "catalogs" / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=str(language), abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


@cache
def _locale(identifier: str, language: Language) -> Locale:
    locale = Locale.parse(identifier)
    if language in {Language.ENGLISH, locale.language}:
        return locale
    try:
        return Locale(language, locale.territory)
    except UnknownLocaleError:
        return Locale(language)


def _translated(model: Model) -> Model:
    changed: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if _is_text(field):
            # The empty message is the header of a catalog.
            changed[name] = gettext(value) if value else value
        elif isinstance(value, tuple):
            changed[name] = tuple(_translated(part) if isinstance(part, BaseModel) else part for part in value)
        elif isinstance(value, BaseModel):
            changed[name] = _translated(value)
    return model.model_copy(update=changed)


def _is_text(field: FieldInfo) -> bool:
    return any(isinstance(mark, Translatable) for mark in field.metadata)
