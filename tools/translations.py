"""Messages for participants: ``python -m tools.translations`` brings the catalogs up to date with the code.

It collects every text of emails, pages and forms, adds what is new to each catalog untranslated, and takes out what no
text says any more. ``--check`` changes nothing and exits with 1 where a catalog is not up to date or incomplete.
"""

import argparse
import importlib
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel

from domain.languages import texts_of
from emails.registry import EMAILS_TO_PEOPLE
from schemas.enums import Language

ROOT = Path(__file__).parents[1]
CATALOGS = ROOT / "domain" / "catalogs"
ROOMS = ("domain", "emails", "runtime", "schemas", "services", "storage", "web")
FUNCTIONS = {"gettext": None, "gettext_noop": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "_": None}
TEMPLATE_OPTIONS = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
# What only staff read is in English. Elsewhere a text is marked or not; passages and forms are texts as a whole.
STAFF_FORMS = ("cohort_settings.py", "staff.py")
OF_EVERY_EMAIL = "_base"
# What Babel would write at the head of a catalog beside what is needed to read it.
_NEEDLESS = re.compile(rb'^"(Report-Msgid|POT-|PO-Rev|Last-Tr|Language-Team|Generated-By).*\n', re.MULTILINE)


class Found(NamedTuple):
    """A message and the file it is in; two forms where it depends on a number, and a context where it has one."""

    file: str
    message: str | tuple[str, ...]
    context: str | None = None


def messages() -> Iterator[Found]:
    """Yield every message for participants, by file."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*")):
            collect = _COLLECTORS.get(file.suffix)
            if collect:
                yield from collect(file)


def template() -> Catalog:
    """Return all messages as a catalog without translations."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for found in messages():
        catalog.add(found.message, locations=[(found.file, 0)], context=found.context)
    return catalog


def read(language: Language) -> Catalog:
    """Return the catalog of a language."""
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=str(language), abort_invalid=True)


def updated(language: Language, current: Catalog) -> bytes:
    """Return the catalog of a language as its file, with exactly the messages that the code has."""
    merged = read(language)
    merged.update(current, no_fuzzy_matching=True, update_creation_date=False)
    merged.obsolete.clear()
    for message in merged:
        message.locations = [(file, 0) for file in dict.fromkeys(file for file, _ in message.locations)]
    written = BytesIO()
    write_po(written, merged, width=118, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    return _NEEDLESS.sub(b"", written.getvalue())


def untranslated(language: Language) -> list[Message]:
    """Return the messages that a catalog has no words for."""
    return [message for message in read(language) if message.id and not _is_whole(message)]


def _is_whole(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _from_source(file: Path, method: str, options: dict[str, str]) -> Iterator[Found]:
    for _, message, _, context in extract_from_file(method, str(file), keywords=FUNCTIONS, options=options):
        yield Found(_name(file), message, context)


def _from_python(file: Path) -> Iterator[Found]:
    yield from _from_source(file, "python", {})
    if file.parent == ROOT / "schemas" / "forms" and file.name not in STAFF_FORMS:
        module = importlib.import_module(f"schemas.forms.{file.stem}")
        yield from _in_order(file, (text for model in _models(vars(module).values()) for text in texts_of(model)))


def _from_template(file: Path) -> Iterator[Found]:
    yield from _from_source(file, "jinja2.ext:babel_extract", TEMPLATE_OPTIONS)


def _from_passages(file: Path) -> Iterator[Found]:
    folder = file.parent.name
    is_passages = file.name == "passages.toml" and folder in {*EMAILS_TO_PEOPLE, OF_EVERY_EMAIL}
    if not is_passages and folder != "guidance":
        return
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    # Works are cited in their own language.
    values = (value for name, value in table.items() if name != "source")
    yield from _in_order(file, (text for value in values for text in _strings(value)))


def _from_handbook(file: Path) -> Iterator[Found]:
    yield from _in_order(file, file.read_text(encoding="utf-8").strip().split("\n\n"))


def _models(values: Iterable[object]) -> Iterator[BaseModel]:
    for value in values:
        if isinstance(value, BaseModel):
            yield value
        elif isinstance(value, dict):
            yield from _models(value.values())
        elif isinstance(value, tuple):
            yield from _models(value)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _in_order(file: Path, texts: Iterable[str]) -> Iterator[Found]:
    return (Found(_name(file), text) for text in dict.fromkeys(texts))


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


_COLLECTORS: dict[str, Callable[[Path], Iterator[Found]]] = {
    ".py": _from_python,
    ".html": _from_template,
    ".txt": _from_template,
    ".typ": _from_template,
    ".toml": _from_passages,
    ".md": _from_handbook,
}


def main() -> int:
    """Update the catalogs, or only check them; say what is still to be translated."""
    parser = argparse.ArgumentParser(prog="make translations", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail where something is to do")
    check = parser.parse_args().check
    current, to_do = template(), 0
    for language in Language:
        if language is Language.ENGLISH:
            continue
        file = CATALOGS / f"{language}.po"
        content = updated(language, current)
        stale = content != file.read_bytes()
        if not check:
            file.write_bytes(content)
        missing = len(untranslated(language))
        to_do += missing + (stale and check)
        print(f"{language}: {len(current)} messages, {missing} to translate{', not up to date' if stale else ''}")
    return int(check and to_do > 0)


if __name__ == "__main__":
    sys.exit(main())
