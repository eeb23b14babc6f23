"""The two kinds of table the commands print: facts by name, and rows under headings; no id or date in them is cut."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from itertools import chain

from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text


def facts_table(title: str, facts: Mapping[str, str]) -> Table:
    """Return facts by their names, one a line."""
    table = Table(title=title, title_justify="left", show_header=False, box=None, pad_edge=False)
    for name, value in facts.items():
        table.add_row(name, value)
    return table


def table_of(title: str, *headings: str) -> Table:
    """Return an empty table with its headings."""
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading)
    return table


def print_table(shown: RenderableType, console: Console | None = None) -> None:
    """Print a table, or a group with tables in it; where a table does not fit, each of its rows is a paragraph."""
    # No markup: names and notes may contain square brackets.
    console = console or Console(highlight=False, markup=False)
    if isinstance(shown, Group):
        for part in shown.renderables:
            print_table(part, console)
    else:
        console.print(fitted(shown, console) if isinstance(shown, Table) else shown, crop=False)


def fitted(table: Table, console: Console) -> RenderableType:
    """Return a table whose words are all whole in the console's width, or its rows as paragraphs where none fits."""
    columns = [_cells(table, index) for index in range(len(table.columns))]
    needed = [max((len(word) for cell in cells for word in cell.split()), default=1) for cells in columns]
    wanted = [max((len(line) for cell in cells for line in cell.splitlines()), default=1) for cells in columns]
    spare = console.width - _frame(table, console, wanted) - sum(needed)
    title = [Text(str(table.title), style="italic")] if table.title else []
    if spare < 0:
        return Group(*title, *(_whole_line(line) for line in _paragraphs(table)))
    for column, width in zip(table.columns, _shared(spare, needed, wanted), strict=True):
        column.width = width
    return Group(*title, _untitled(table))


def _cells(table: Table, index: int) -> list[str]:
    column = table.columns[index]
    heading = [_plain(column.header)] if table.show_header else []
    return [*heading, *(_plain(cell) for cell in column.cells)]


def _plain(cell: RenderableType) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)


def _frame(table: Table, console: Console, wanted: Sequence[int]) -> int:
    """Return the characters that a table needs beside its cells."""
    for column in table.columns:
        column.width = None
    options = console.options.update(max_width=sum(wanted) + 20 * len(wanted))
    return Measurement.get(console, options, _untitled(table)).maximum - sum(wanted)


def _untitled(table: Table) -> Table:
    # A title wraps at the width of its table, which may be narrower than an id.
    untitled = copy(table)
    untitled.title = None
    return untitled


def _shared(spare: int, needed: Sequence[int], wanted: Sequence[int]) -> Iterator[int]:
    """Yield the width of each column: what its longest word needs, and a share of the rest by what it would like."""
    wishes = [most - least for most, least in zip(wanted, needed, strict=True)]
    total = sum(wishes)
    for least, wish in zip(needed, wishes, strict=True):
        yield least + (wish if total <= spare else spare * wish // total)


def _paragraphs(table: Table) -> Iterator[str]:
    headings = [_plain(column.header) for column in table.columns]
    rows = zip(*(column.cells for column in table.columns), strict=True)
    for row in rows:
        cells = [_plain(cell) for cell in row]
        if not table.show_header:
            yield f"{cells[0]}: {' '.join(chain.from_iterable(cell.split() for cell in cells[1:]))}"
            continue
        yield ""
        named = zip(headings, cells, strict=True)
        yield from (f"{heading}: {cell}" for heading, cell in named if cell)


def _whole_line(line: str) -> Text:
    return Text(line, no_wrap=True, overflow="ignore")
