"""Each catalog has exactly the messages of the code, each translated, with the placeholders of its message."""

import re

import pytest

from schemas.enums import Language
from tools.translations import CATALOGS, read, template, untranslated, updated

TRANSLATED = [language for language in Language if language is not Language.ENGLISH]
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{[\w-]+\}")


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalog_is_up_to_date(language: Language) -> None:
    assert updated(language, template()) == (CATALOGS / f"{language}.po").read_bytes(), "Run make translations."


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: Language) -> None:
    assert not [message.id for message in untranslated(language)]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(language: Language) -> None:
    wrong = [
        (one, words)
        for message in read(language)
        for one, words in zip(_forms(message.id), _forms(message.string), strict=False)
        if words and set(_PLACEHOLDER.findall(one)) != set(_PLACEHOLDER.findall(words))
    ]
    assert not wrong


def test_spanish_never_joins_a_name_with_y() -> None:
    # Before "Ingrid" it would have to be "e", and before "Olga", "o" would have to be "u".
    forms = [words for message in read(Language.SPANISH) for words in _forms(message.string)]
    assert not [words for words in forms if re.search(r"\b[yo] (<\w+>)?(%\(|\{)(partner|name|first|second)\b", words)]


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)
