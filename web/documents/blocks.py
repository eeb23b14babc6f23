"""What a document is made of: typed blocks that its page and its PDF both render, so that they say the same."""

from typing import Annotated, Literal

from pydantic import Field, computed_field

from schemas.base import FrozenModel

# "combined" is what too few people answered to be shown apart (docs/decisions/0015).
BarStatus = Literal["met", "planned", "not_yet", "combined", "unanswered"]


class Heading(FrozenModel):
    """A heading; ``level`` 1 heads a section, 2 what stands below it."""

    kind: Literal["heading"] = "heading"
    level: int
    text: str


class Paragraph(FrozenModel):
    """A paragraph; a ``lead`` sums up what follows and is set larger or bolder."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    lead: bool = False


class BulletList(FrozenModel):
    """An unordered list."""

    kind: Literal["list"] = "list"
    items: tuple[str, ...]


class Quote(FrozenModel):
    """Somebody's own words."""

    kind: Literal["quote"] = "quote"
    text: str


class Column(FrozenModel):
    """A column of a table; ``numeric`` ones are set flush right."""

    heading: str
    numeric: bool = True


class Cell(FrozenModel):
    """A figure in a table; ``note`` says below it what it rests on, and ``style`` only changes its looks."""

    text: str
    note: str = ""
    style: Literal["plain", "number", "mean", "withheld"] = "number"


class TableRow(FrozenModel):
    """A row of a table, headed by its label; ``id`` names the figure on the page, so that programs find it."""

    id: str
    label: str
    cells: tuple[Cell, ...]


class TableBlock(FrozenModel):
    """A table of figures; ``columns`` has one more than each row has cells, for the rows' labels."""

    kind: Literal["table"] = "table"
    id: str
    caption: str
    row_kind: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]


class Bar(FrozenModel):
    """One bar of a chart; ``text`` says its value beside it."""

    label: str
    value: float
    text: str


class BarChart(FrozenModel):
    """Bars below each other; the longest possible one means ``longest``.

    ``label_share`` is the part of the page's width that labels take up, in percent.
    """

    kind: Literal["bar_chart"] = "bar_chart"
    id: str
    title: str
    bars: tuple[Bar, ...]
    longest: float
    label_share: int = 25

    @computed_field
    def description(self) -> str:
        """Return the chart in words, for whoever cannot see it."""
        return "; ".join(f"{bar.label}: {bar.text}" for bar in self.bars) + "."


class Segment(FrozenModel):
    """A piece of a stacked bar, with the pattern and the words of its status."""

    status: BarStatus
    label: str
    count: int


class StackedBar(FrozenModel):
    """A bar cut into its segments; all bars of a chart are equally long, whatever their total."""

    label: str
    segments: tuple[Segment, ...]


class LegendEntry(FrozenModel):
    """What the pattern of a status means."""

    status: BarStatus
    label: str


class StackedBarChart(FrozenModel):
    """Stacked bars below each other."""

    kind: Literal["stacked_bar_chart"] = "stacked_bar_chart"
    id: str
    title: str
    bars: tuple[StackedBar, ...]

    @computed_field
    def description(self) -> str:
        """Return the chart in words, for whoever cannot see it."""
        bars = (
            f"{bar.label}: {', '.join(f'{segment.count} {segment.label}' for segment in bar.segments)}"
            for bar in self.bars
        )
        return "; ".join(bars) + "."

    @computed_field
    def legend(self) -> tuple[LegendEntry, ...]:
        """Return the statuses that occur, in the order in which they first do."""
        labels = {segment.status: segment.label for bar in self.bars for segment in bar.segments}
        return tuple(LegendEntry(status=status, label=label) for status, label in labels.items())


Block = Annotated[
    Heading | Paragraph | BulletList | Quote | TableBlock | BarChart | StackedBarChart, Field(discriminator="kind")
]


class Section(FrozenModel):
    """A part of a document, under a heading of its own."""

    blocks: tuple[Block, ...]


class Document(FrozenModel):
    """A document; ``notice`` stands above it and on every sheet, where there is one."""

    title: str
    notice: str = ""
    sections: tuple[Section, ...]
