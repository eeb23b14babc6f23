"""Visiting the real pages: a link is opened, its form is read as a browser would, filled in and sent."""

from html.parser import HTMLParser

import httpx

from rehearsal.acting import Field

CLOSED = 410


class _FormReader(HTMLParser):
    """Collects the fields of a page's form."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, list[str]] = {}
        self._kinds: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one input or textarea."""
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.get("name", "")
        if tag not in ("input", "textarea") or not name:
            return
        self._kinds[name] = tag if tag == "textarea" else attributes.get("type", "text")
        values = self._values.setdefault(name, [])
        if self._kinds[name] in ("radio", "checkbox", "hidden"):
            values.append(attributes.get("value", "on"))

    def fields(self) -> list[Field]:
        """Return the fields in order of the page."""
        return [
            Field(name=name, kind=kind, values=tuple(self._values[name]))
            for name, kind in self._kinds.items()
            if kind != "hidden"
        ]


async def open_page(http: httpx.AsyncClient, url: str) -> list[Field] | None:
    """Open a link and return its form's fields, or None where the page has no form to send any more."""
    page = await http.get(url)
    page.raise_for_status()
    reader = _FormReader()
    reader.feed(page.text)
    return reader.fields() or None


async def press_button(http: httpx.AsyncClient, url: str, answers: dict[str, str]) -> None:
    """Send a form and follow to the page that thanks; raises HTTPStatusError where it was not taken."""
    page = await http.post(url, data=answers)
    page.raise_for_status()
