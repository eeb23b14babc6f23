"""A parser of pages into elements and texts; it refuses tags that are not closed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})


@dataclass
class Element:
    """One element with its attributes and its children."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(item if isinstance(item, str) else f" {item.text} " for item in self.children).split())

    def every(self, tag: str, **attributes: str) -> list["Element"]:
        """Return the elements of this tag and these attributes (``_`` for ``-``) in it, in order."""
        required = {name.replace("_", "-"): value for name, value in attributes.items()}
        elements = []
        for item in self.children:
            if isinstance(item, Element):
                if item.tag == tag and required.items() <= item.attributes.items():
                    elements.append(item)
                elements += item.every(tag, **attributes)
        return elements

    def cells(self, **attributes: str) -> list[str]:
        """Return the texts of the data cells of the one row with these attributes."""
        (row,) = self.every("tr", **attributes)
        return [cell.text for cell in row.every("td")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        if closed.tag != tag:
            raise ValueError(f"<{closed.tag}> is closed by </{tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """Read a page; raises ValueError where an element is closed by another's end."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if len(reader.open) != 1:
        raise ValueError(f"<{reader.open[-1].tag}> is never closed")
    return reader.open[0]
