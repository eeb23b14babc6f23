"""A page as its elements and their texts: strict about tags that are never closed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})


@dataclass
class Element:
    """One element, its attributes, and what stands in it."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(one if isinstance(one, str) else f" {one.text} " for one in self.inside).split())

    def every(self, tag: str, **attributes: str) -> list["Element"]:
        """Return the elements of this tag and these attributes (``_`` for ``-``) in it, in order."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        found = []
        for one in self.inside:
            if isinstance(one, Element):
                if one.tag == tag and wanted.items() <= one.attributes.items():
                    found.append(one)
                found += one.every(tag, **attributes)
        return found

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
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        if closed.tag != tag:
            raise ValueError(f"<{closed.tag}> is closed by </{tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str) -> Element:
    """Read a page; raises ValueError where an element is closed by another's end."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if len(reader.open) != 1:
        raise ValueError(f"<{reader.open[-1].tag}> is never closed")
    return reader.open[0]
