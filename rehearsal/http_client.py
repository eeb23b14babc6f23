"""Visiting the real pages: open a link, read its form as a browser does, and submit it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html.parser import HTMLParser

import httpx

from schemas.base import FrozenModel

CONFLICT = 409
CHOICE_KINDS = ("radio", "checkbox")
# The steps of an agreement that have questions; the last one shows what they came to.
STEP = re.compile(r'/parts/(?!sign"|goals")([a-z]+)"')

FormValues = Mapping[str, str | Sequence[str]]


class FormField(FrozenModel):
    """One field of a form: its name, the values to choose from, and its current value."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    value: str = ""


class FormPageRead(FrozenModel):
    """A page as a visitor saw it: the fields of its form, if it has one, and its HTML."""

    fields: tuple[FormField, ...]
    hidden: dict[str, str]
    html: str

    @property
    def current_values(self) -> dict[str, str]:
        """Return the values of the form before anything is changed."""
        return {field.name: field.value for field in self.fields if field.value}


class _FormReader(HTMLParser):
    """Collects the fields of a page's form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, FormField] = {}
        self.hidden: dict[str, str] = {}
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one input or textarea."""
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.get("name", "")
        # Browsers do not submit disabled inputs, nor those without a name.
        if tag not in ("input", "textarea") or not name or "disabled" in attributes:
            return
        if attributes.get("type") == "hidden":
            self.hidden[name] = attributes.get("value", "")
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = FormField(name=name, kind=tag)
        else:
            self._add_input(name, attributes)

    def handle_data(self, text: str) -> None:
        """Add to the value of a textarea."""
        if self._textarea:
            field = self.fields[self._textarea]
            self.fields[self._textarea] = field.model_copy(update={"value": (field.value + text).strip()})

    def handle_endtag(self, tag: str) -> None:
        """Leave a textarea."""
        if tag == "textarea":
            self._textarea = ""

    def _add_input(self, name: str, attributes: dict[str, str]) -> None:
        kind, choice = attributes.get("type", "text"), attributes.get("value", "on")
        # Radio buttons and checkboxes of one question share their name.
        field = self.fields.get(name) or FormField(name=name, kind=kind)
        chosen = kind not in CHOICE_KINDS or "checked" in attributes
        self.fields[name] = field.model_copy(
            update={
                "values": (*field.values, choice) if kind in CHOICE_KINDS else (),
                "value": attributes.get("value", "") if chosen else field.value,
            }
        )


async def open_page(http: httpx.AsyncClient, url: str) -> FormPageRead:
    """Open a link and read its page; a page without fields has no form."""
    return read_page(await _html(http, url))


async def open_steps(http: httpx.AsyncClient, url: str) -> FormPageRead:
    """Open a link and every further step of its form, and read them as one page.

    Visitors send all steps at once, as the last step does; tests of the pages save them one by one.
    """
    first = await open_page(http, url)
    others = dict.fromkeys(STEP.findall(first.html)) if first.fields else {}
    further = [await _html(http, f"{url}/parts/{step}") for step in others]
    return read_page("".join([first.html, *further]))


# Visitors read a page once, and the checks read it again and again.
@lru_cache(maxsize=10_000)
def read_page(html: str) -> FormPageRead:
    """Read the form of a page."""
    reader = _FormReader()
    # No field comes before the first form.
    reader.feed(html[max(html.find("<form"), 0) :])
    return FormPageRead(fields=tuple(reader.fields.values()), hidden=reader.hidden, html=html)


async def submit_form(http: httpx.AsyncClient, url: str, values: FormValues, *, again: bool = False) -> str:
    """Submit a form and return the HTML of the page it leads to; raises HTTPStatusError where it was refused.

    A form submitted ``again`` may be refused by a page that takes answers only once (409).
    """
    response = await http.post(url, data=dict(values))
    if not (again and response.status_code == CONFLICT):
        response.raise_for_status()
    return response.text


async def _html(http: httpx.AsyncClient, url: str) -> str:
    response = await http.get(url)
    response.raise_for_status()
    return response.text
