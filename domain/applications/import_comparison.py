"""What an import changes: the rows of a file held against what is kept already, one person at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.applications.csv.columns import GOALS
from domain.applications.csv.parsing import ParsedFile, ParsedRow
from domain.applications.csv.writing import STATUS, WHY, person_cells
from domain.applications.uniqueness import SIDE_NAMES, Uniqueness
from domain.cohort.folder import partner_id_problems
from domain.input_files.spelling import normalize
from schemas.applications.imports import Applied, ChangedPerson, StoredApplication, side_of
from schemas.applications.people import MenteeApplication
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Problem

EXTRA_COLUMNS = (STATUS, WHY)
_ELSEWHERE = "leave the cell empty; it is changed with mile cohort accept, waive and withdraw"


@dataclass(frozen=True)
class ImportBaseline:
    """What a cohort holds before an import.

    ``begun`` are the addresses of those who began to apply and have not handed in, by id; ``waited`` the addresses
    (small letters) of participants who were left without a mentor in their last class; ``untouched`` the ids of those
    who began and wrote nothing since.
    """

    applications: Mapping[str, StoredApplication]
    begun: Mapping[str, str]
    waited: Collection[str] = ()
    untouched: Collection[str] = ()


@dataclass(frozen=True)
class ImportComparison:
    """What an import comes to: every person once, and the rows that cannot be used, with what is wrong with them.

    ``closed`` is, by the id of what was begun and never gone on with, who comes in with its address.
    """

    added: tuple[StoredApplication, ...]
    changed: tuple[tuple[StoredApplication, ChangedPerson], ...]
    unchanged: tuple[str, ...]
    absent: tuple[str, ...]
    waited: tuple[str, ...]
    closed: Mapping[str, StoredApplication]
    refused: Mapping[Side, tuple[ParsedRow[Any], ...]]

    @property
    def problems(self) -> list[Problem]:
        """Return everything that is wrong, side by side and row by row."""
        return [problem for lines in self.refused.values() for line in lines for problem in line.problems]


def compare_import(sheets: Mapping[Side, ParsedFile[Any]], known: ImportBaseline) -> ImportComparison:
    """Hold one file for either side, or both, against what is kept.

    Columns a file lacks stay as they are, as do people it does not name. A row that names somebody whose own row is
    refused is refused with it.
    """
    read = {side: [_merged(sheet, line, known) for line in sheet.lines] for side, sheet in sheets.items()}
    while True:
        claims = _claims(read, known)
        checked = {side: [_checked(sheets[side], line, claims, known) for line in read[side]] for side in sheets}
        if checked == read:
            return _told(read, known)
        read = checked


def refused_rows(sheet: ParsedFile[Any], lines: Iterable[ParsedRow[Any]]) -> tuple[list[str], list[list[str]]]:
    """Return a header and the refused rows as they stood in the file, each with why in front, to be corrected."""
    places = {at for at, heading in enumerate(sheet.header) if normalize(heading) == WHY}
    rows = [[_why(line), *_without(line.row.cells, places)] for line in lines]
    return [WHY, *_without(sheet.header, places)], rows


def _merged(sheet: ParsedFile[Any], line: ParsedRow[Any], known: ImportBaseline) -> ParsedRow[Any]:
    """Let what the file does not say of somebody stay as it is."""
    if line.person is None:
        return line
    person: Applied = line.person
    before = known.applications.get(person.id)
    if before and side_of(before.person) is side_of(person):
        fields = {"goals" if column in GOALS else column for column in sheet.present.difference(EXTRA_COLUMNS)}
        person = before.person.model_copy(update={field: getattr(person, field) for field in fields})
    if _goes_first(line, person, known):
        person = person.model_copy(update={"waited": True})
    return replace(line, person=person)


def _goes_first(line: ParsedRow[Any], person: Applied, known: ImportBaseline) -> bool:
    left_open = isinstance(person, MenteeApplication) and "waited" not in line.given
    return left_open and person.email.lower() in known.waited


def _claims(read: Mapping[Side, list[ParsedRow[Any]]], known: ImportBaseline) -> Uniqueness:
    people = [line.person for lines in read.values() for line in lines if line.person]
    return Uniqueness(known.applications, known.begun, known.untouched, people)


def _checked(sheet: ParsedFile[Any], line: ParsedRow[Any], claims: Uniqueness, known: ImportBaseline) -> ParsedRow[Any]:
    if line.person is None:
        return line
    person: Applied = line.person
    side = side_of(person)
    problems = [
        *claims.against(sheet.file, person),
        *_about_standing(sheet.file, line, person, known),
        *partner_id_problems(sheet.file, person, claims.ids(side.partner), SIDE_NAMES[side.partner]),
    ]
    return _refused(sheet, line, problems) if problems else line


def _refused(sheet: ParsedFile[Any], line: ParsedRow[Any], problems: Sequence[Problem]) -> ParsedRow[Any]:
    placed = (
        replace(problem, row=line.row.number, column=sheet.headings[problem.column or "id"]) for problem in problems
    )
    return replace(line, person=None, problems=tuple(placed))


def _about_standing(file: str, line: ParsedRow[Any], person: Applied, known: ImportBaseline) -> Iterable[Problem]:
    said = line.given.get(STATUS, "")
    before = known.applications.get(person.id)
    status = before.status if before else ApplicationStatus.ACCEPTED
    if said and normalize(str(said)) != status:
        now = f"is {status} by now" if before else f"is {status} when imported"
        yield Problem(file, f"of {person.id} {now}; {_ELSEWHERE}", None, STATUS, str(said))


def _told(read: Mapping[Side, list[ParsedRow[Any]]], known: ImportBaseline) -> ImportComparison:
    people = [line.person for lines in read.values() for line in lines if line.person]
    lines = {line.person.id: line for each in read.values() for line in each if line.person}
    new = [person for person in people if person.id not in known.applications]
    held = [(known.applications[person.id], person) for person in people if person.id in known.applications]
    changes = [(before, person, _changed_columns(before.person, person)) for before, person in held]
    added = tuple(StoredApplication(side=side_of(person), person=person) for person in new)
    changed = tuple(
        (before.model_copy(update={"person": person}), ChangedPerson(id=person.id, columns=columns))
        for before, person, columns in changes
        if columns
    )
    return ImportComparison(
        added=added,
        changed=changed,
        unchanged=tuple(person.id for _, person, columns in changes if not columns),
        absent=tuple(
            id_ for id_, each in known.applications.items() if each.side in read and id_ not in _named(read[each.side])
        ),
        waited=tuple(person.id for person in people if _goes_first(lines[person.id], person, known)),
        closed=_closed([*added, *(one for one, _ in changed)], known),
        refused={side: tuple(line for line in each if line.person is None) for side, each in read.items()},
    )


def _closed(coming: Iterable[StoredApplication], known: ImportBaseline) -> dict[str, StoredApplication]:
    addresses = {one.person.email.casefold(): one for one in coming}
    met = {id_: addresses.get(known.begun[id_].casefold()) for id_ in known.untouched}
    return {id_: one for id_, one in met.items() if one and one.person.id != id_}


def _named(lines: Iterable[ParsedRow[Any]]) -> set[str]:
    return {str(line.given["id"]) for line in lines if "id" in line.given}


def _changed_columns(before: Applied, after: Applied) -> tuple[str, ...]:
    old, new = person_cells(before), person_cells(after)
    return tuple(column for column in dict.fromkeys([*old, *new]) if old.get(column, "") != new.get(column, ""))


def _why(line: ParsedRow[Any]) -> str:
    said = (f"{each.column}: {each.message}" if each.column else f"the row {each.message}" for each in line.problems)
    return "; ".join(said)


def _without(cells: Sequence[str], places: Collection[int]) -> list[str]:
    return [cell for at, cell in enumerate(cells) if at not in places]
