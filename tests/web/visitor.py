"""Somebody who opens pages and looks for words that are not in the language of the page."""

import re
from html.parser import HTMLParser

import httpx
import pytest
from babel import Locale
from starlette.responses import HTMLResponse

from schemas.forms.questions import LANGUAGES
from web.pages import Pages

# What Spanish dates are made of, the zones that times are in, and languages by their own names.
_SPANISH = Locale("es")
_AS_THEY_ARE = {
    "de",
    "CDT",
    "CST",
    "UTC",
    *(choice.label for choice in LANGUAGES),
    *_SPANISH.months["format"]["wide"].values(),
    *_SPANISH.days["format"]["wide"].values(),
}
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]{2,}")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_READ = ("aria-label", "aria-description", "alt", "title", "placeholder")


class _Reader(HTMLParser):
    """Collects what people see or hear of a page, without what it says is in a language of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unread: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag not in _VOID:
            foreign = tag in {"style", "script"} or (tag != "html" and "lang" in attributes)
            self._unread.append(foreign or any(self._unread[-1:]))
        if not any(self._unread[-1:]):
            self.texts += [attributes[name] or "" for name in _READ if name in attributes]
            if tag == "input" and attributes.get("type") in {"submit", "button"}:
                self.texts.append(attributes.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._unread.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._unread[-1:]):
            self.texts.append(data)


def latin(page: str) -> list[str]:
    """Return the texts of a page with a Latin word that is no part of an address or a date, and no language."""
    reader = _Reader()
    reader.feed(page)
    return [
        text.strip()
        for text in reader.texts
        if any(word not in _AS_THEY_ARE for word in _WORD.findall(_ADDRESS.sub("", text)))
    ]


class Visitor:
    """Opens pages, and keeps which templates they were made of and what they said in Latin letters."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.templates: set[str] = set()
        self.found: dict[str, str] = {}

    async def get(self, path: str) -> None:
        self.read(await self.client.get(path, follow_redirects=True))

    async def post(self, path: str, **typed: object) -> None:
        self.read(await self.client.post(path, data=typed, follow_redirects=True))

    def read(self, page: httpx.Response) -> None:
        assert page.status_code < 500, page.text
        self.note(page.url.path, page.text)

    def note(self, path: str, page: str) -> None:
        assert '<html lang="es"' in page, path
        self.found |= dict.fromkeys(latin(page), path)


def visitor_of(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Return somebody who opens pages through a client."""
    visitor, page = Visitor(client), Pages.page

    def noted(pages: Pages, template: str, *args: int, **context: object) -> HTMLResponse:
        visitor.templates.add(template)
        return page(pages, template, *args, **context)  # type: ignore[arg-type]

    monkeypatch.setattr(Pages, "page", noted)
    return visitor
