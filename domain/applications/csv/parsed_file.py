"""One side's file as it was read: row by row, whom each is about, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from domain.applications.csv.tables import CsvRow
from schemas.applications.people import Application
from schemas.errors import Problem

Applicant = TypeVar("Applicant", bound=Application)
Given = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class ParsedRow(Generic[Applicant]):
    """One row of a file: whom it is about, where nothing is wrong with it.

    ``given`` are its answers by column. ``named`` are whom it names, as written, until both files are read.
    """

    row: CsvRow
    person: Applicant | None
    given: Given = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ParsedFile(Generic[Applicant]):
    """One side's file: its header, our columns found in it, its rows, and what is wrong with it as a whole.

    ``skipped`` are the numbers of the rows that the mapping leaves out, ``ignored`` the headings. ``notes`` say what
    somebody should look at, although nothing is wrong.
    """

    file: str
    schema: type[Applicant]
    header: tuple[str, ...]
    headings: Mapping[str, str]
    present: frozenset[str]
    lines: tuple[ParsedRow[Applicant], ...]
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def all_problems(self) -> list[Problem]:
        """Return everything that is wrong, row by row."""
        problems = [*self.problems, *(problem for line in self.lines for problem in line.problems)]
        return sorted(problems, key=lambda problem: problem.row or 0)


def reading_notes(sheet: ParsedFile[Any]) -> Iterator[str]:
    """Return what somebody should look at in a file that was read, although nothing is wrong with it."""
    yield from sheet.notes
    if sheet.skipped:
        rows = ", ".join(map(str, sheet.skipped))
        yield f"{sheet.file}, left out by the mapping's rule: {'row' if len(sheet.skipped) == 1 else 'rows'} {rows}."
