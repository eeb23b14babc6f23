"""Whom an answer names: somebody's id, address or name, found among the people of both files and those stored."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches
from typing import Any, NamedTuple

from domain.applications.csv.cells import UNDECIDED
from domain.applications.csv.parsed_file import ParsedFile, ParsedRow
from domain.applications.uniqueness import SIDE_NAMES
from domain.input_files.spelling import comparable
from domain.input_files.validation_messages import shown_value
from schemas.applications.people import Application
from schemas.enums import Side
from schemas.errors import Problem

_ADDRESS = re.compile(r"[^\s<>,;()]+@[^\s<>,;()]+")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_SEPARATORS = re.compile(r"[;,\n]")
_CLOSE, _MARGIN = 0.7, 0.08
_HARMLESS = frozenset({"vetoes", "conflicts"})


class _Named(NamedTuple):
    ids: list[str]
    problems: list[Problem]
    notes: list[str]


class Called(NamedTuple):
    """What others may call somebody."""

    id: str
    name: str
    preferred_name: str = ""
    email: str = ""

    @classmethod
    def of(cls, person: Application) -> "Called":
        """Return what others may call an applicant."""
        return cls(person.id, person.name, person.preferred_name, person.email)


class Directory:
    """The people of a cohort by what others may call them: id, address, and name, the family name first or last."""

    def __init__(self, people: Iterable[tuple[Side, Called]]) -> None:
        self._ids: dict[Side, dict[str, set[str]]] = {side: defaultdict(set) for side in Side}
        self._people: dict[Side, dict[str, list[Called]]] = {side: defaultdict(list) for side in Side}
        for side, person in people:
            for called in filter(None, _calls(person)):
                self._ids[side][called].add(person.id)
            for called in (person.id, person.name):
                self._people[side][comparable(called)].append(person)

    def ids(self, side: Side, written: str) -> set[str]:
        """Return the ids of everybody of a side who is called so; what stands in brackets may be an aside."""
        addresses = [] if _SEPARATORS.search(written) else _ADDRESS.findall(written)
        for called in (*addresses, written, _ASIDE.sub("", written)):
            if found := self._ids[side].get(comparable(called)):
                return found
        return set()

    def closest(self, side: Side, written: str) -> list[Called]:
        """Return whoever of a side has the id or name that is most like what is written: two where both are as like."""
        people = self._people[side]
        if len(people) > 1000:  # comparing every slip with thousands of names would take minutes
            return []
        name = comparable(_ASIDE.sub("", written))
        near = get_close_matches(name, people, n=3, cutoff=_CLOSE)
        alike = [SequenceMatcher(None, each, name).ratio() for each in near]
        best = [each for each, ratio in zip(near, alike, strict=True) if ratio > alike[0] - _MARGIN]
        return list({person.id: person for each in best for person in people[each]}.values())


def _calls(person: Called) -> Iterator[str]:
    first, _, others = person.name.partition(" ")
    yield from map(comparable, (person.id, person.email, person.name))
    if others:
        yield comparable(f"{others.strip()}, {first}")
        if person.preferred_name:
            yield comparable(f"{person.preferred_name} {others}")


def directory_of(sheets: Mapping[Side, ParsedFile[Any]], stored: Iterable[tuple[Side, Application]] = ()) -> Directory:
    """Return the people of files, whatever is wrong with their rows, and those stored before."""
    before = ((side, Called.of(person)) for side, person in stored)
    coming = ((side, called_in(line)) for side, sheet in sheets.items() for line in sheet.lines if "id" in line.given)
    return Directory([*before, *coming])


def called_in(line: ParsedRow[Any]) -> Called:
    """Return what others may call the person of a row."""
    if line.person:
        return Called.of(line.person)
    return Called(*(str(line.given.get(column, "")) for column in ("id", "name", "preferred_name", "email")))


def resolve_people(side: Side, sheet: ParsedFile[Any], directory: Directory) -> ParsedFile[Any]:
    """Return a side's file with the ids of those whom its rows name; a row that names nobody known is refused.

    Somebody of one's own side cannot be one's partner: whoever asks not to be matched with them has what they ask.
    """
    resolved = [_resolved(side, sheet, line, directory) for line in sheet.lines]
    notes = [note for _, row_notes in resolved for note in row_notes]
    return replace(sheet, lines=tuple(line for line, _ in resolved), notes=(*sheet.notes, *notes))


def written_names(cell: str, directory: Directory, side: Side) -> list[str]:
    """Return the people of a cell one by one; a name may contain a comma, as in “Berg, Ada”."""
    if directory.ids(side, cell) or cell == UNDECIDED:
        return [cell]
    return [name.strip() for name in _SEPARATORS.split(cell) if name.strip()]


def _resolved(
    side: Side, sheet: ParsedFile[Any], line: ParsedRow[Any], directory: Directory
) -> tuple[ParsedRow[Any], list[str]]:
    if line.person is None or not line.named:
        return line, []
    found = {column: _found(side, sheet, line, column, directory) for column in line.named}
    problems = [problem for named in found.values() for problem in named.problems]
    ids = {
        column: next(iter(named.ids), None) if column == "reports_to" else tuple(named.ids)
        for column, named in found.items()
    }
    person = None if problems else line.person.model_copy(update=ids)
    notes = [note for named in found.values() for note in named.notes]
    return replace(line, person=person, problems=(*line.problems, *problems)), notes


def _found(side: Side, sheet: ParsedFile[Any], line: ParsedRow[Any], column: str, directory: Directory) -> _Named:
    named = _Named([], [], [])
    written: dict[str, str] = {}
    for name in written_names(line.named[column], directory, side.partner):
        ids = directory.ids(side.partner, name)
        own = set() if ids or column not in _HARMLESS else directory.ids(side, name)
        if len(ids) == 1:
            # “Ada Berg, ada@example.org” is one person.
            named.ids.extend(id_ for id_ in ids if written.setdefault(id_, name) == name)
        elif own and comparable(name) not in map(comparable, own):
            here = f"{sheet.file}, row {line.row.number}: “{name}” is a {SIDE_NAMES[side]} too"
            named.notes.append(f"{here} ({', '.join(sorted(own))}), so they are never matched.")
        elif name != UNDECIDED:
            message = _ambiguous(side, ids) if ids else _unknown(side, str(line.given["id"]), name, directory)
            named.problems.append(
                Problem(sheet.file, message, line.row.number, sheet.headings[column], shown_value(name))
            )
    return named


def _ambiguous(side: Side, ids: Iterable[str]) -> str:
    return f"fits more than one {SIDE_NAMES[side.partner]} ({', '.join(sorted(ids))}); write an id or an address"


def _unknown(side: Side, person_id: str, name: str, directory: Directory) -> str:
    partner = SIDE_NAMES[side.partner]
    near = " or ".join(f"{each.id} ({each.name})" for each in directory.closest(side.partner, name))
    hint = f"; did you mean {near}?" if near else ""
    return f"of {person_id} names someone who is not a {partner} of this cohort{hint}"
