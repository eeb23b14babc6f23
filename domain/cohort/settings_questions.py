"""A cohort's settings as answers on forms, and back: by way of the tables of a cohort.toml, whose rules hold."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from schemas.forms.cohort_settings import SETTING_KINDS, SettingsPage
from schemas.forms.questions import Question

_HALF_DAY = re.compile(r"(?P<id>\S+)\s+(?P<day>\S+)\s+(?P<begins>\S+)\s+(?P<ends>\S+)\s+(?P<label>.+)")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(:\d\d)?")


def settings_tables(settings: CohortSettings) -> dict[str, Any]:
    """Return settings as the tables of a cohort.toml, without what is left out and what only a step of staff says."""
    tables = settings.model_dump(mode="python", exclude={"applications": {"closed_at"}})
    filled: dict[str, Any] = _filled(tables)
    return filled


def typed_settings(settings: CohortSettings, page: SettingsPage) -> dict[str, str]:
    """Return what stands on a page of the settings, by question name; a section that is left out has its defaults."""
    tables = settings_tables(settings)
    typed = {question.name: _typed(question, _at(tables, question.name)) for question in page.questions}
    if page.section and page.section not in tables:
        typed |= _DEFAULTS[page.section]
    return {name: words for name, words in typed.items() if words}


def changed_tables(settings: CohortSettings, page: SettingsPage, answers: Mapping[str, str]) -> dict[str, Any]:
    """Return a cohort's settings as tables, with the answers of one page; raises Refusal where one cannot be read."""
    tables = settings_tables(settings)
    is_in = page.section is not None and answers.get(page.section) == "yes"
    if page.section and not is_in:
        tables.pop(page.section, None)
    for question in page.questions:
        of_section = question.name.partition(".")[0] == page.section
        if not of_section or (is_in and question.name != page.section):
            _set(tables, question.name.split("."), _value(question, answers.get(question.name, "")))
    return tables


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner) for key, inner in value.items() if inner is not None}
    return [_filled(inner) for inner in value] if isinstance(value, tuple) else value


def _at(tables: Any, name: str) -> Any:
    for key in name.split("."):
        tables = tables.get(key) if isinstance(tables, dict) else None
    return tables


def _set(tables: dict[str, Any], path: list[str], value: Any) -> None:
    *sections, key = path
    for section in sections:
        tables = tables.setdefault(section, {})
    tables.pop(key, None)
    if value is not None:
        tables[key] = value


def _typed(question: Question, value: Any) -> str:
    if question.kind == "tick":
        return "yes" if isinstance(value, dict) or value is True else ""
    if value is None:
        return ""
    if question.name == SETTING_KINDS.half_days:
        return "\n".join(map(_half_day_line, value))
    if question.kind == "ticks":
        return ",".join(value)
    if isinstance(value, list):
        return ("\n" if question.name in SETTING_KINDS.sentences else ", ").join(map(str, value))
    return str(value)


def _half_day_line(half: Mapping[str, Any]) -> str:
    return f"{half['id']} {half['day']} {half['begins']:%H:%M} {half['ends']:%H:%M} {half['label']}"


def _value(question: Question, answer: str) -> Any:
    """Return what an answer is in a cohort.toml, or None where the key is left out."""
    if question.kind == "tick":
        return answer == "yes"
    if question.name in SETTING_KINDS.numbers:
        return _numbers(question, answer)
    if question.kind in _READ and question.name not in SETTING_KINDS.texts:
        return _READ[question.kind](question, answer)
    return answer or None


def _lines(question: Question, answer: str) -> list[Any]:
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    return [_half_day(question, line) for line in lines] if question.name == SETTING_KINDS.half_days else lines


# By the kind of a question: what its answer is in a cohort.toml.
_READ: dict[str, Callable[[Question, str], Any]] = {
    "text": _lines,
    "ticks": lambda _, answer: answer.split(",") if answer else [],
    "count": lambda _, answer: int(answer) if answer else None,
    "date": lambda _, answer: date.fromisoformat(answer) if answer else None,
}


def _numbers(question: Question, answer: str) -> Any:
    # A word processor's minus sign is another character.
    words = answer.replace("−", "-").replace("–", "-").replace(",", " ").split()
    if not all(re.fullmatch(r"[+-]?\d{1,4}", word) for word in words):
        raise Refusal(f"{question.label}: write whole numbers, such as 7 or -3.")
    numbers = [int(word) for word in words]
    if question.name.rpartition(".")[2] not in {"opens", "closes"}:
        return numbers
    if len(numbers) != 1:
        raise Refusal(f"{question.label}: write one whole number, such as 7 or -3.")
    return numbers[0]


def _half_day(question: Question, line: str) -> dict[str, Any]:
    found = _HALF_DAY.fullmatch(line.strip())
    if found is None:
        raise Refusal(f"{question.label}: “{line.strip()}” lacks something. {question.hint}")
    return found.groupdict() | {name: _clock(found[name]) for name in ("begins", "ends")}


def _clock(words: str) -> str:
    found = _CLOCK.fullmatch(words)
    return f"{int(found[1]):02}:{found[2]}{found[3] or ':00'}" if found else words


# What stands in the fields of a section that is left out.
_DEFAULTS = {
    "applications": {
        "applications.grace_minutes": "0",
        "applications.waiting_list": "yes",
        "applications.reminders": "-14, -3",
        "applications.recruit_every_days": "7",
        "applications.expected_participants": "0",
        "applications.intake_reminders": "-35, -21, -10",
    },
    "proposals": {"proposals.answer_days": "10", "proposals.reminders": "5, 8"},
    "session": {"session.title": "Leading for Life", "session.invite_days": "28", "session.remind_days": "7"},
}
