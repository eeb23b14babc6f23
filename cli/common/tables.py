"""The kinds of table the commands print: facts by name, and rows under headings, with lines or plain."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table


def facts_table(title: str, facts: Mapping[str, str]) -> Table:
    """Return facts by their names, one a line."""
    table = Table(title=title, title_justify="left", min_width=len(title), show_header=False, box=None, pad_edge=False)
    for name, value in facts.items():
        table.add_row(name, value)
    return table


def table_of(title: str, *headings: str) -> Table:
    """Return an empty table with its headings."""
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading)
    return table


def print_rows(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print rows under headings, without lines and without reading anything as markup."""
    table = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)
