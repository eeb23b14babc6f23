"""The settings of a class as forms and as a file: nothing is lost in either direction."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from domain.cohort.settings_file import read_settings
from domain.cohort.settings_questions import changed_tables, typed_settings
from domain.cohort.settings_writing import write_settings, write_tables
from domain.forms import read_answers
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from schemas.forms.cohort_settings import SETTINGS_PAGES

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*/cohort.toml"))
PAGES = {page.slug: page for page in SETTINGS_PAGES}


def example(path: Path) -> CohortSettings:
    return read_settings(path.name, path.read_bytes())


def keys_of(schema: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in schema.model_fields.items():
        annotation: Any = field.annotation
        parts = get_args(annotation) if get_origin(annotation) in {UnionType, Union} else (annotation,)
        sections = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
        if sections:
            yield from keys_of(sections[0], f"{before}{name}.")
        else:
            yield f"{before}{name}"


def test_each_key_has_its_question_and_no_question_is_without_a_key() -> None:
    asked = [question.name for page in SETTINGS_PAGES for question in page.questions]
    sections = {page.section for page in SETTINGS_PAGES if page.section}
    assert len(asked) == len(set(asked))
    assert set(asked) - sections == set(keys_of(CohortSettings)) - {"id", "applications.closed_at"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_settings_that_are_written_read_back_the_same(path: Path) -> None:
    settings = example(path)
    assert read_settings("cohort.toml", write_settings(settings)) == settings


def test_words_with_quotation_marks_and_other_letters_read_back_the_same() -> None:
    words = 'Leading "for" life \\ Ojibwe: Gichi-manidoo-giizis – ’26 # no note'
    settings = example(EXAMPLES[0])
    program = settings.program.model_copy(update={"name": words, "mentor_responsibilities": (words, "Listen.")})
    settings = settings.model_copy(update={"title": words, "program": program})
    assert read_settings("cohort.toml", write_settings(settings)) == settings


def test_handbook_keeps_its_lines_in_the_file_and_on_the_form() -> None:
    text = '# Begin\n\n- Ask "why".\n- Listen \\ wait.\n\n"""Quoted"""'
    settings = change(example(EXAMPLES[0]), "handbooks", program__mentor_handbook=text)
    assert settings.program.mentor_handbook == text
    written = write_settings(settings)
    assert b"# Begin\n\n- Ask" in written
    assert read_settings("cohort.toml", written) == settings
    assert change(settings, "handbooks", program__mentor_handbook="").program.mentor_handbook == ""


def test_file_does_not_say_that_staff_closed_the_window() -> None:
    settings = next(example(path) for path in EXAMPLES if example(path).applications)
    assert settings.applications
    closed = settings.applications.model_copy(update={"closed_at": datetime.now(UTC)})
    assert (
        read_settings("cohort.toml", write_settings(settings.model_copy(update={"applications": closed}))) == settings
    )


@pytest.mark.parametrize("slug", PAGES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_page_that_is_sent_as_it_is_changes_nothing(path: Path, slug: str) -> None:
    settings, page = example(path), PAGES[slug]
    reading = read_answers(page.questions, typed_settings(settings, page))
    assert not reading.problems
    assert read_settings("cohort.toml", write_tables(changed_tables(settings, page, reading.answers))) == settings


def change(settings: CohortSettings, slug: str, **answers: str) -> CohortSettings:
    page = PAGES[slug]
    typed = typed_settings(settings, page) | {name.replace("__", "."): words for name, words in answers.items()}
    return read_settings("cohort.toml", write_tables(changed_tables(settings, page, typed)))


def test_section_is_left_out_and_brought_in_by_its_box() -> None:
    settings = next(example(path) for path in EXAMPLES if example(path).proposals)
    without = change(settings, "proposals", proposals="")
    assert without.proposals is None
    again = change(without, "proposals", proposals="yes", proposals__answer_days="12")
    assert again.proposals
    assert (again.proposals.answer_days, again.proposals.reminders) == (12, (5, 8))


def test_half_days_are_lines() -> None:
    settings = next(example(path) for path in EXAMPLES if example(path).session)
    day = settings.institute.last_day
    changed = change(settings, "kickoff", session__half_days=f"morning {day} 9:00 12:30 In the morning")
    assert changed.session
    (half,) = changed.session.half_days
    assert (half.id, half.label, half.begins.isoformat(), half.ends.isoformat()) == (
        "morning", "In the morning", "09:00:00", "12:30:00",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "answers", "said"),
    [
        ("steps", {"timeline__meeting__opens": "soon"}, "Meeting: opens: write whole numbers"),
        ("steps", {"timeline__meeting__opens": "1 2"}, "Meeting: opens: write one whole number"),
        ("kickoff", {"session__half_days": "morning 9:00"}, "Half days: “morning 9:00” lacks something"),
    ],
)
def test_what_cannot_be_read_is_said_by_its_question(slug: str, answers: dict[str, str], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        change(example(EXAMPLES[0]), slug, **answers)
