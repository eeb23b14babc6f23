"""A page of ours read back as headings, sentences, tables and drawings, so that paper says what the page says."""

from collections.abc import Iterator
from html.parser import HTMLParser

from pydantic import JsonValue

VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})
Block = dict[str, JsonValue]


class _Element:
    """One element and what stands in it."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.inside: list[_Element | str] = []

    @property
    def kind(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        return " ".join("".join(one if isinstance(one, str) else f"{one.text} " for one in self.inside).split())

    @property
    def elements(self) -> "Iterator[_Element]":
        return (one for one in self.inside if isinstance(one, _Element))

    def every(self, *tags: str) -> "Iterator[_Element]":
        for one in self.elements:
            if one.tag in tags:
                yield one
            yield from one.every(*tags)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [_Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._put(tag, attrs)
        if tag not in VOID:
            self.open.append(next(one for one in reversed(self.open[-1].inside) if isinstance(one, _Element)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._put(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def _put(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(_Element(tag, {name: value or "" for name, value in attrs}))


def blocks(html: str) -> list[Block]:
    """Return what the main part of one of our pages shows, in order; its markup must be whole."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    (main,) = reader.open[0].every("main")
    return list(_blocks(main))


def _blocks(element: _Element) -> Iterator[Block]:
    for one in element.elements:
        if one.tag in {"h1", "h2", "h3", "h4"}:
            yield {"kind": "heading", "level": int(one.tag[1]), "text": one.text}
        elif one.tag == "p":
            yield {"kind": "text", "text": one.text, "strong": bool({"lead", "interim"} & one.kind)}
        elif one.tag == "ul":
            yield {"kind": "list", "items": [item.text for item in one.every("li")]}
        elif one.tag == "blockquote":
            yield {"kind": "quote", "text": one.text}
        elif one.tag == "table":
            yield _table(one)
        elif "drawing" in one.kind:
            yield _drawing(one)
        else:
            yield from _blocks(one)


def _table(table: _Element) -> Block:
    rows = [[cell for cell in row.elements if cell.tag in {"td", "th"}] for row in table.every("tr")]
    head, *body = rows
    return {
        "kind": "table",
        "caption": next(table.every("caption")).text,
        "head": [cell.text for cell in head],
        "numbers": ["number" in cell.kind for cell in head],
        "rows": [[cell.text for cell in row] for row in body],
    }


def _drawing(element: _Element) -> Block:
    """Return a chart as its bars: where each piece begins and how long it is, as shares of the longest."""
    (chart,) = (one for one in element.elements if one.attributes.get("role") == "img")
    title, description = (next(chart.every(tag)).text for tag in ("title", "desc"))
    legends = (one for one in element.elements if "legend" in one.kind)
    legend: list[JsonValue] = [
        {"status": _status(next(item.every("rect"))), "text": item.text} for one in legends for item in one.every("li")
    ]
    return {
        "kind": "drawing",
        "title": title,
        "description": description,
        "legend": legend,
        "bars": _stacked(chart) if legend else _plain(chart),
    }


def _plain(chart: _Element) -> list[JsonValue]:
    labels = [one.text for one in chart.every("text") if "number" not in one.kind]
    words = [one.text for one in chart.every("text") if "number" in one.kind]
    whole = [_percent(one, "width") for one in chart.every("rect") if "track" in one.kind]
    bars = [_percent(one, "width") for one in chart.every("rect") if "bar" in one.kind]
    return [
        {"label": label, "words": word, "pieces": [{"status": "met", "share": bar / track, "text": ""}]}
        for label, word, track, bar in zip(labels, words, whole, bars, strict=True)
    ]


def _stacked(chart: _Element) -> list[JsonValue]:
    bars: list[JsonValue] = []
    pieces: list[JsonValue] = []
    shapes = iter(list(chart.every("rect", "text")))
    for one in shapes:
        if one.tag == "rect":
            share = _percent(one, "width") / 100
            pieces.append({"status": _status(one), "share": share, "text": next(shapes).text})
        else:
            pieces = []
            bars.append({"label": one.text, "words": "", "pieces": pieces})
    return bars


def _status(rect: _Element) -> str:
    return rect.attributes["class"]


def _percent(element: _Element, name: str) -> float:
    return float(element.attributes[name].rstrip("%"))
