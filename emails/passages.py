"""The passages of emails: their subjects and paragraphs, as the program words them or as one class does.

A passage is Markdown with placeholders such as ``{due}``; ``emails/kinds`` has the program's own in TOML files.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType

from markupsafe import Markup

from domain import formatting
from domain.languages import gettext, language
from emails.kinds._base.email import EmailContext
from emails.links import HAS_TOKEN
from emails.markdown import PLACEHOLDER, link_addresses, placeholders_in, to_html, to_text
from schemas.enums import EmailKind

LONGEST_PASSAGE = 2000
# Names that a class may leave out. All others are facts: what is asked, by when, how long it takes.
_MAY_GO = frozenset(
    {
        "association",
        "class",
        "contact",
        "kickoff",
        "months",
        "partner",
        "partner-first-name",
        "partner-side",
        "program",
        "session",
        "side",
    }
)


@cache
def standard_passages(kind: EmailKind) -> Mapping[str, str]:
    """Return the program's own passages that a kind of email may use, by name."""
    return MappingProxyType(_read("_base") | _read(kind))


def _read(folder: str) -> dict[str, str]:
    file = files("emails.kinds") / folder / "passages.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


class Passages:
    """The passages of one email, filled in.

    The class's own words are in the first language that it offers; who reads another gets the standard in theirs.
    ``used`` are the names of those that its templates asked for, ``problems`` what is wrong with the class's own words
    for some of them, in whose place the standard stands.
    """

    def __init__(self, context: EmailContext) -> None:
        self._context = context
        self._standard = standard_passages(context.kind)
        self.used: list[str] = []
        self.problems: dict[str, str] = {}

    def line(self, name: str) -> str:
        """Return a passage of a subject, with days without their weekdays."""
        values = self._values(formatting.format_day)
        return PLACEHOLDER.sub(lambda found: values[found[1]], self._words(name, values))

    def text(self, name: str) -> str:
        """Return a passage as plain text."""
        values = self.values
        return to_text(self._words(name, values), values)

    def html(self, name: str) -> Markup:
        """Return a passage as HTML."""
        values = self.values
        # Markdown without HTML, filled with escaped values: there is nothing left to escape.
        return Markup(to_html(self._words(name, values), values).strip())  # noqa: S704

    @cached_property
    def values(self) -> dict[str, str]:
        """Return what each placeholder stands for in a paragraph."""
        return self._values(formatting.format_weekday)

    def _words(self, name: str, values: Mapping[str, str]) -> str:
        self.used.append(name)
        standard = self._standard[name]
        own = self._context.own_words.get(name)
        if own is None or language() is not self._context.cohort.languages[0]:
            return gettext(standard)
        if problem := passage_problem(name, own, standard, values):
            self.problems[name] = problem
            return gettext(standard)
        return own

    @cached_property
    def _placeholders(self) -> Mapping[str, object]:
        return self._context.placeholders()

    def _values(self, format_date: Callable[..., str]) -> dict[str, str]:
        context = self._context
        return {
            name: format_date(value, context.cohort.locale, today=context.written_on)
            if isinstance(value, date)
            else str(value)
            for name, value in self._placeholders.items()
        }


def passage_problem(name: str, own: str, standard: str, values: Mapping[str, str]) -> str:
    """Return what is wrong with a class's words for a passage, as a sentence to staff, or nothing.

    ``values`` are those of one email: what its reader sees anyway, so no words can tell them more.
    """
    if not own.strip():
        return "Write something here, or go back to the standard."
    if len(own) > LONGEST_PASSAGE:
        return f"This is {len(own)} characters long. {LONGEST_PASSAGE} fit."
    if is_subject(name):
        known = {*PLACEHOLDER.findall(standard), "program", "class"} & values.keys()
        return _placeholder_problem(PLACEHOLDER.findall(own), standard, known)
    return _placeholder_problem(placeholders_in(own), standard, values.keys()) or _link_problem(own)


def _placeholder_problem(used: Sequence[str], standard: str, known: Set[str]) -> str:
    if unknown := [one for one in used if one not in known]:
        return f"There is no {{{unknown[0]}}} here. You can use: {_listed(sorted(known))}."
    needed = dict.fromkeys(one for one in PLACEHOLDER.findall(standard) if one not in _MAY_GO)
    missing = [one for one in needed if one not in used]
    return f"Keep {_listed(missing)}: people must learn it from this email." if missing else ""


def _link_problem(own: str) -> str:
    # The parser has encoded the braces.
    if any("%7B" in address for address in link_addresses(own)):
        return "Write the address of a link in full. A placeholder does not work in it."
    if HAS_TOKEN.search(own):
        return "This has somebody’s own link, which would show their page to everybody. Take it out."
    return ""


def is_subject(name: str) -> bool:
    """Tell whether a passage is part of a subject: one line, in which nothing is Markdown."""
    return name.partition("-")[0] == "subject"


def _listed(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
