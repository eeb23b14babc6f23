"""What an import changes: the rows of a file compared with the stored applications, person by person."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.applications.csv.columns import GOALS
from domain.applications.csv.made_ids import with_known_ids
from domain.applications.csv.naming import directory_of, resolve_people
from domain.applications.csv.parsed_file import ParsedFile, ParsedRow, reading_notes
from domain.applications.csv.writing import STATUS, WHY, person_cells
from domain.applications.mailboxes import is_same_address
from domain.applications.uniqueness import SIDE_NAMES, Uniqueness
from domain.cohort.folder import partner_id_problems
from domain.input_files.spelling import comparable, normalize
from schemas.applications.imports import Applied, ChangedPerson, StoredApplication, side_of
from schemas.applications.people import MenteeApplication
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Problem

EXTRA_COLUMNS = (STATUS, WHY)
_ELSEWHERE = "leave the cell empty; to change it, accept or withdraw the application, or make an exception"


@dataclass(frozen=True)
class ImportBaseline:
    """What a cohort has before an import.

    ``begun`` are the addresses of those who began to apply and have not submitted, by id; ``waited`` the addresses
    (lower case) of participants who were left without a mentor in their last class; ``untouched`` the ids of those
    who began and wrote nothing since.
    """

    applications: Mapping[str, StoredApplication]
    begun: Mapping[str, str]
    waited: Collection[str] = ()
    untouched: Collection[str] = ()


@dataclass(frozen=True)
class ImportComparison:
    """The result of a comparison: every person once, and the rows that cannot be used, with what is wrong with them.

    ``moved`` are the sides of those who get another address, by id. ``closed`` is, by the id of what was begun and
    never gone on with, who comes in with its address. ``notes`` say what somebody should look at in the files, although
    nothing is wrong.
    """

    added: tuple[StoredApplication, ...]
    changed: tuple[tuple[StoredApplication, ChangedPerson], ...]
    unchanged: tuple[str, ...]
    absent: tuple[str, ...]
    waited: tuple[str, ...]
    moved: Mapping[str, Side]
    closed: Mapping[str, StoredApplication]
    refused: Mapping[Side, tuple[ParsedRow[Any], ...]]
    notes: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Return everything that is wrong, side by side and row by row."""
        return [problem for rows in self.refused.values() for line in rows for problem in line.problems]


def compare_import(sheets: Mapping[Side, ParsedFile[Any]], baseline: ImportBaseline) -> ImportComparison:
    """Compare one file for either side, or both, with the stored applications.

    Columns a file lacks stay as they are, as do people it does not name. A row that names somebody whose own row is
    refused is refused with it.
    """
    sheets = _identified(sheets, baseline)
    by_side = {side: [_merged(sheet, line, baseline) for line in sheet.lines] for side, sheet in sheets.items()}
    while True:
        # Refusing a row can leave another one naming somebody who no longer comes, so the check repeats until none
        # falls.
        claims = _claims(by_side, baseline)
        checked = {side: [_checked(sheets[side], line, claims, baseline) for line in by_side[side]] for side in sheets}
        if checked == by_side:
            comparison = _comparison(by_side, baseline)
            notes = [note for sheet in sheets.values() for note in reading_notes(sheet)]
            namesakes = tuple(_namesakes(sheets, comparison, baseline))
            return replace(comparison, notes=(*notes, *namesakes), namesakes=namesakes)
        by_side = checked


def _identified(sheets: Mapping[Side, ParsedFile[Any]], baseline: ImportBaseline) -> dict[Side, ParsedFile[Any]]:
    """Return the files with the ids that a cohort knows their people by, and of those whom they name."""
    taken = {*baseline.applications, *baseline.begun}
    identified = {
        side: sheet if "id" in sheet.present else with_known_ids(side, sheet, _known_ids(side, baseline), taken)
        for side, sheet in sheets.items()
    }
    stored = [(application.side, application.person) for application in baseline.applications.values()]
    directory = directory_of(identified, stored)
    return {side: resolve_people(side, sheet, directory) for side, sheet in identified.items()}


def _known_ids(side: Side, baseline: ImportBaseline) -> dict[str, str]:
    """Return the ids of a side's people, and of those who began to apply, by address in lower case."""
    known = {address.casefold(): id_ for id_, address in baseline.begun.items() if id_ not in baseline.untouched}
    return known | {
        application.person.email.casefold(): id_
        for id_, application in baseline.applications.items()
        if application.side is side
    }


def _namesakes(
    sheets: Mapping[Side, ParsedFile[Any]], comparison: ImportComparison, baseline: ImportBaseline
) -> Iterator[str]:
    """Say who, in a file without ids, comes with a new address and the name of somebody whom no row names."""
    absent = {
        (baseline.applications[id_].side, comparable(baseline.applications[id_].person.name)): id_
        for id_ in comparison.absent
    }
    for application in comparison.added:
        known = absent.get((application.side, comparable(application.person.name)))
        if known and "id" not in sheets[application.side].present:
            yield (
                f"{application.person.id} is new and has the name of {known}, whom no row names. If it is one person "
                f"with a new address, correct it first: export {known}, change the address there, and import that file."
            )


def refused_rows(sheet: ParsedFile[Any], lines: Iterable[ParsedRow[Any]]) -> tuple[list[str], list[list[str]]]:
    """Return a header and the refused rows as they stood in the file, each with the reason in front."""
    places = {place for place, heading in enumerate(sheet.header) if normalize(heading) == WHY}
    rows = [[_why(line), *_without(line.row.cells, places)] for line in lines]
    return [WHY, *_without(sheet.header, places)], rows


def _merged(sheet: ParsedFile[Any], line: ParsedRow[Any], baseline: ImportBaseline) -> ParsedRow[Any]:
    """Take the columns that a file lacks from the stored application."""
    if line.person is None:
        return line
    person: Applied = line.person
    before = baseline.applications.get(person.id)
    if before and side_of(before.person) is side_of(person):
        fields = sheet.present.difference(EXTRA_COLUMNS, GOALS)
        updates = {field: getattr(person, field) for field in fields}
        if isinstance(before.person, MenteeApplication):
            updates["goals"] = _goals(sheet, line, before.person.goals)
        person = before.person.model_copy(update=updates)
    if _goes_first(line, person, baseline):
        person = person.model_copy(update={"waited": True})
    return replace(line, person=person)


def _goals(sheet: ParsedFile[Any], line: ParsedRow[Any], stored: Sequence[str]) -> tuple[str, ...]:
    """Return the goals of a row, and in the places of columns that its file lacks those stored."""
    numbered = dict(zip(GOALS, stored, strict=False))
    numbered |= {column: str(line.given.get(column, "")) for column in GOALS if column in sheet.present}
    return (*(numbered[column] for column in GOALS if numbered.get(column)), *stored[len(GOALS) :])


def _goes_first(line: ParsedRow[Any], person: Applied, baseline: ImportBaseline) -> bool:
    left_open = isinstance(person, MenteeApplication) and "waited" not in line.given
    return left_open and person.email.lower() in baseline.waited


def _claims(by_side: Mapping[Side, list[ParsedRow[Any]]], baseline: ImportBaseline) -> Uniqueness:
    people = [line.person for lines in by_side.values() for line in lines if line.person]
    return Uniqueness(baseline.applications, baseline.begun, baseline.untouched, people)


def _checked(
    sheet: ParsedFile[Any], line: ParsedRow[Any], claims: Uniqueness, baseline: ImportBaseline
) -> ParsedRow[Any]:
    if line.person is None:
        return line
    person: Applied = line.person
    side = side_of(person)
    problems = [
        *claims.against(sheet.file, person),
        *_status_problems(sheet.file, line, person, baseline),
        *partner_id_problems(sheet.file, person, claims.ids(side.partner), SIDE_NAMES[side.partner]),
    ]
    return _refused(sheet, line, problems) if problems else line


def _refused(sheet: ParsedFile[Any], line: ParsedRow[Any], problems: Sequence[Problem]) -> ParsedRow[Any]:
    placed = (
        replace(problem, row=line.row.number, column=sheet.headings[problem.column or "id"]) for problem in problems
    )
    return replace(line, person=None, problems=tuple(placed))


def _status_problems(file: str, line: ParsedRow[Any], person: Applied, baseline: ImportBaseline) -> Iterable[Problem]:
    claimed = line.given.get(STATUS, "")
    before = baseline.applications.get(person.id)
    status = before.status if before else ApplicationStatus.ACCEPTED
    if claimed and normalize(str(claimed)) != status:
        now = f"is {status} by now" if before else f"is {status} when imported"
        yield Problem(file, f"of {person.id} {now}; {_ELSEWHERE}", None, STATUS, str(claimed))


def _comparison(by_side: Mapping[Side, list[ParsedRow[Any]]], baseline: ImportBaseline) -> ImportComparison:
    people = [line.person for row_by_id in by_side.values() for line in row_by_id if line.person]
    row_by_id = {line.person.id: line for side_rows in by_side.values() for line in side_rows if line.person}
    added_people = [person for person in people if person.id not in baseline.applications]
    existing = [(baseline.applications[person.id], person) for person in people if person.id in baseline.applications]
    changes = [(before, person, _changed_columns(before.person, person)) for before, person in existing]
    added = tuple(StoredApplication(side=side_of(person), person=person) for person in added_people)
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
            id_
            for id_, side_rows in baseline.applications.items()
            if side_rows.side in by_side and id_ not in _named(by_side[side_rows.side])
        ),
        waited=tuple(person.id for person in people if _goes_first(row_by_id[person.id], person, baseline)),
        moved={
            person.id: before.side
            for before, person in existing
            if not is_same_address(before.person.email, person.email)
        },
        closed=_closed([*added, *(application for application, _ in changed)], baseline),
        refused={side: tuple(line for line in side_rows if line.person is None) for side, side_rows in by_side.items()},
    )


def _closed(applications: Iterable[StoredApplication], baseline: ImportBaseline) -> dict[str, StoredApplication]:
    addresses = {application.person.email.casefold(): application for application in applications}
    owners = {id_: addresses.get(baseline.begun[id_].casefold()) for id_ in baseline.untouched}
    return {id_: application for id_, application in owners.items() if application and application.person.id != id_}


def _named(lines: Iterable[ParsedRow[Any]]) -> set[str]:
    return {str(line.given["id"]) for line in lines if "id" in line.given}


def _changed_columns(before: Applied, after: Applied) -> tuple[str, ...]:
    before_cells, after_cells = person_cells(before), person_cells(after)
    return tuple(
        column
        for column in dict.fromkeys([*before_cells, *after_cells])
        if before_cells.get(column, "") != after_cells.get(column, "")
    )


def _why(line: ParsedRow[Any]) -> str:
    sentences = (
        f"{problem.column}: {problem.message}" if problem.column else f"the row {problem.message}"
        for problem in line.problems
    )
    return "; ".join(sentences)


def _without(cells: Sequence[str], places: Collection[int]) -> list[str]:
    return [cell for place, cell in enumerate(cells) if place not in places]
