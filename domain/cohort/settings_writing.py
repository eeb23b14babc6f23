"""A cohort's settings as a cohort.toml: what is written reads back the same."""

from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from domain.cohort.settings_questions import settings_tables
from schemas.cohort.settings import CohortSettings
from schemas.forms.cohort_settings import SETTINGS_PAGES

_HEAD = "Everything that differs between classes. A line that begins with # is only a note."


def write_settings(settings: CohortSettings) -> bytes:
    """Return a whole cohort.toml, with a note at each key; that staff closed the window at once is not in it."""
    return write_tables(settings_tables(settings))


def write_tables(tables: dict[str, Any]) -> bytes:
    """Return the tables of a cohort.toml as the file, whatever is wrong with their values."""
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    document.add(tomlkit.nl())
    _fill(document, tables, "")
    return tomlkit.dumps(document).encode()


def _fill(table: Any, values: dict[str, Any], path: str) -> None:
    # Plain values go first: what follows a table's heading would belong to that table.
    for key in sorted(values, key=lambda each: isinstance(values[each], dict) or _is_tables(values[each])):
        table.add(key, _item(values[key], f"{path}{key}"))


def _item(value: Any, path: str) -> Any:
    if isinstance(value, dict):
        inner = tomlkit.table()
        _fill(inner, value, f"{path}.")
        return inner
    if _is_tables(value):
        return AoT([_half_day(each) for each in value])
    is_text = isinstance(value, str) and "\n" in value
    item = tomlkit.string(value, multiline=True) if is_text else tomlkit.item(value)
    if path in _NOTES:
        item.comment(_NOTES[path])
    return item


def _half_day(values: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, tomlkit.item(value))
    return table


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


_NOTES = {question.name: question.label for page in SETTINGS_PAGES for question in page.questions}
