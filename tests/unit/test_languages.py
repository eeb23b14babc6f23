"""Texts in the reader's language: what a catalog has, what it lacks, and days."""

from datetime import date, time

import pytest

from domain import languages
from domain.formatting import format_day, format_list, format_time, format_weekday
from domain.forms import form_for
from domain.languages import direction, gettext, in_language, translated
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.enums import Language
from schemas.forms.own_page import DETAILS
from schemas.forms.questions import CALL_REQUEST
from tests.pseudo_language import PseudoCatalog, in_greek_letters

DAY = date(2019, 5, 10)


def test_days_are_in_the_language_around_them() -> None:
    with in_language(Language.SPANISH):
        assert format_day(DAY) == "10 de mayo de 2019"
        assert format_weekday(DAY) == "viernes 10 de mayo de 2019"
        assert format_weekday(DAY, today=date(2019, 5, 2)) == "viernes 10 de mayo"
        assert format_day(DAY, "en_GB") == "10 de mayo de 2019"
        assert format_list(["Ana", "Bo"]) == "Ana y Bo"
        assert format_time(time(9)) == "9:00 a.m."
        assert format_time(time(12)) == "12:00 p.m."
    assert format_day(DAY) == "May 10, 2019"


def test_a_message_without_a_translation_stays_english() -> None:
    with in_language(Language.SPANISH):
        assert gettext("No catalog has this %(thing)s", thing="sentence") == "No catalog has this sentence"


def test_a_form_is_translated_with_its_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "catalog", lambda _: PseudoCatalog())
    assert translated(CALL_REQUEST) is CALL_REQUEST
    with in_language(Language.SPANISH):
        asked = translated(CALL_REQUEST)
    assert (asked.label, asked.hint[:2]) == ("Πλεασε ξαλλ με", "Ψε")
    assert (asked.name, asked.readers) == (CALL_REQUEST.name, CALL_REQUEST.readers)


def test_what_is_no_word_stays_in_another_language() -> None:
    message = '<a href="/m/x">See %(name)s</a> at {due}, https://example.org/'
    assert in_greek_letters(message) == '<a href="/m/x">Σεε %(name)s</a> ατ {due}, https://example.org/'


def test_who_reads_from_right_to_left_gets_pages_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert direction() == "ltr"
    monkeypatch.setattr(languages, "language", lambda: "he")
    assert direction() == "rtl"


def test_a_class_asks_for_the_language_only_where_it_offers_several() -> None:
    one = CohortSettings(
        id="mile-2019",
        title="MILE 2019",
        institute=Institute(venue="Lodge", town="Ely", last_day=DAY),
        contact=ProgramContact(role="Chair", email="chair@example.org"),
    )
    both = one.model_copy(update={"languages": (Language.SPANISH, Language.ENGLISH)})
    assert "language" not in {question.name for question in form_for(DETAILS, one).questions}
    asked = form_for(DETAILS, both).questions[-1]
    assert [choice.label for choice in asked.choices] == ["English", "Español"]
    with in_language(Language.SPANISH):
        assert form_for(DETAILS, both).questions[-1].choices == asked.choices
    assert (both.language_for(None), both.language_for(Language.ENGLISH)) == (Language.SPANISH, Language.ENGLISH)
    assert one.language_for(Language.SPANISH) is Language.ENGLISH
