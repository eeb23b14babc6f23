"""A TOML file read into its schema; every refusal names the key as people write it, such as institute.last_day."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.input_files.decoding import decode
from domain.input_files.validation_messages import error_sentence, relevant_errors, shown_value
from schemas.errors import BadInput, Problem

Model = TypeVar("Model", bound=BaseModel)
Tables = dict[str, Any]

_NOT_TOML = (
    'cannot be read here; check that words stand in straight quotation marks ("…"), that a day reads 2019-05-10 and '
    "is in the calendar, and that every setting reads name = value"
)
_SET_TWICE = "is here a second time; keep one of the two"


def read_toml(file_name: str, content: bytes, schema: type[Model], prepare: Callable[[Tables], Tables]) -> Model:
    """Return a TOML file as its schema; ``prepare`` may spell out what people may write in short.

    Raises:
        BadInput: the file cannot be decoded or is not TOML, or a key is missing, unknown or holds what it cannot mean.
    """
    text = decode(file_name, content)
    try:
        tables = _parsed(file_name, text)
        # By way of JSON, because its strict reading is ours: a date may be quoted, but 18 is not "18" nor true 1.
        written = json.dumps(prepare(tables), default=_as_written)
        return schema.model_validate_json(written, strict=True, extra="forbid")
    except ValidationError as error:
        raise BadInput([_problem(file_name, schema, tables, detail) for detail in relevant_errors(error)]) from None
    except RecursionError:
        raise BadInput([Problem(file_name, "nests brackets far too deep; compare it with an example")]) from None


def _parsed(file_name: str, text: str) -> Tables:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        position = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(position[1]) if position else text.rstrip("\n").count("\n") + 1
        message = _SET_TWICE if "Cannot overwrite" in str(error) or "Cannot declare" in str(error) else _NOT_TOML
        raise BadInput(
            [Problem(file_name, message, line, None, shown_value(text.split("\n")[line - 1].strip()))]
        ) from None


def _as_written(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def _problem(file_name: str, schema: type[BaseModel], tables: Tables, error: ErrorDetails) -> Problem:
    path, value = _as_spelled(tables, [part for part in error["loc"] if part != "[key]"]), error["input"]
    if error["type"] in _ABOUT_KEYS:
        return Problem(file_name, _ABOUT_KEYS[error["type"]](schema, path), None, ".".join(path), shown_value(value))
    message = error_sentence(error)
    subject = message.split(maxsplit=1)[0]
    if isinstance(value, dict) and subject in _keys(_section(schema, path)):
        # A rule that compares two keys begins with the one it is about: "kickoff_on 2019-06-01 is outside …".
        path, value, message = [*path, subject], value.get(subject), f"{message}; correct one or the other"
    return Problem(file_name, message, None, ".".join(path) or None, shown_value(value))


def _as_spelled(tables: object, loc: Sequence[int | str]) -> list[str]:
    """Return the keys that lead to an error, as far as the file spells them out, without the places in a list."""
    path = []
    for part in loc:
        if isinstance(part, int):
            tables = tables[part] if isinstance(tables, list) else None
        elif isinstance(tables, Mapping):
            path.append(part)
            tables = tables.get(part)
    return path


def _missing_key(schema: type[BaseModel], path: list[str]) -> str:
    *section, key = path
    if _keys(_section(schema, path)):
        return f"is missing; add the section {_heading(schema, path)}"
    return f"is missing; add a line {key} = …" + (f" to the section {_heading(schema, section)}" if section else "")


def _heading(schema: type[BaseModel], path: list[str]) -> str:
    """Return a section as a file begins it: in double brackets where there may be several."""
    heading = f"[{'.'.join(path)}]"
    return f"[{heading}]" if get_origin(_section(schema, path)) is tuple else heading


def _unknown_key(schema: type[BaseModel], path: list[str]) -> str:
    *section, key = path
    closest = get_close_matches(key, _keys(_section(schema, section)), n=1)
    elsewhere = [known for known in _paths(schema) if known.endswith(f".{key}")]
    hint = [f"; did you mean {'.'.join([*section, *closest])}?"] if closest else []
    hint += [f"; it belongs in the section [{known.rpartition('.')[0]}]" for known in elsewhere]
    return "is not a setting we know; correct or remove it" + "".join(hint[:1])


_ABOUT_KEYS: Mapping[str, Callable[[type[BaseModel], list[str]], str]] = {
    "missing": _missing_key,
    "extra_forbidden": _unknown_key,
}


def _section(annotation: Any, path: list[str]) -> Any:
    """Return what stands at a path of keys, also below keys that people name themselves."""
    for part in path:
        annotations = _annotations(annotation)
        annotation = annotations.get(part) if annotations else next(reversed(get_args(annotation)), None)
    return annotation


def _annotations(annotation: Any) -> dict[str, Any]:
    section = _section_in(annotation)
    fields = section.model_fields if section else {}
    return {field.alias or name: field.annotation for name, field in fields.items()}


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """Return the section itself, also of one that may be left out or stand there several times."""
    if _is_section(annotation):
        return cast("type[BaseModel]", annotation)
    inner = get_args(annotation) if get_origin(annotation) in {UnionType, Union, tuple} else ()
    return next((candidate for candidate in inner if _is_section(candidate)), None)


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _keys(annotation: Any) -> list[str]:
    return list(_annotations(annotation))


def _paths(annotation: Any, before: str = "") -> Iterator[str]:
    for key, inner in _annotations(annotation).items():
        yield before + key
        yield from _paths(inner, f"{before}{key}.")
