"""Pages of staff in one Chromium: what stands in somebody's way there, by axe-core and by the Tab key."""

import re
from html.parser import HTMLParser

from playwright.async_api import Page

from web.pages import STATIC

# Elements that no end tag closes.
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
# Where each press of Tab should lead, in the order of the page; of radio buttons with one name, the checked one or else
# the first. The focus begins at an error that has taken it.
EXPECT_STOPS = """() => {
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
        .filter(one => one.type !== 'hidden' && one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}));
    const radios = all.filter(one => one.type === 'radio');
    const group = radio => radios.filter(one => one.name === radio.name && one.form === radio.form);
    const from = document.activeElement;
    window.stops = all.filter(one => one.type !== 'radio'
        || one === (group(one).find(other => other.checked) || group(one)[0]));
    if (from !== document.body) {
        window.stops = stops.filter(one => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    }
    window.wrong = all.filter(one => one.tabIndex > 0).map(one => 'out of order: ' + one.outerHTML.slice(0, 120));
    window.reached = 0;
    document.addEventListener('focusin', ({target}) => {
        const {outlineStyle, outlineWidth} = getComputedStyle(target), shown = target.outerHTML.slice(0, 120);
        if (window.stops.indexOf(target) !== window.reached) window.wrong.push('not the next: ' + shown);
        if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) window.wrong.push('no focus seen: ' + shown);
        window.reached += 1;
    });
    return window.stops.length;
}"""
# The parts of a field for a day, and the links of an email in a frame, take presses of their own.
_PRESSES_WITHIN = "document.querySelectorAll('input[type=date], iframe').length * 9"


async def load(page: Page, html: str) -> None:
    """Show a page with its stylesheets in the window that is there, which costs less than asking a server for it."""
    styled, links = re.subn(r'<link rel="stylesheet" href="/static/([^?"]+)[^>]*>', _inlined, html)
    assert links
    await page.set_content(styled)


def _inlined(link: re.Match[str]) -> str:
    return f"<style>{(STATIC / link[1]).read_text(encoding='utf-8')}</style>"


async def wrong_by_keyboard(page: Page) -> list[str]:
    """Return where Tab leads elsewhere than to the next control, where the focus is not seen, and what keeps it."""
    stops: int = await page.evaluate(EXPECT_STOPS)
    presses = stops + await page.evaluate(_PRESSES_WITHIN)
    reached = 0
    while reached < stops and presses:
        # A press leads to one stop at most, so these cannot lead past the last one.
        at_once = min(stops - reached, presses)
        for _ in range(at_once):
            await page.keyboard.press("Tab")
        presses -= at_once
        reached = await page.evaluate("window.reached")
    wrong: list[str] = await page.evaluate("window.wrong")
    return wrong if reached == stops else [*wrong, f"{reached} of {stops} reached"]


def shape(html: str) -> frozenset[str]:
    """Return which elements of which classes stand within which others: pages that differ in words alone share it."""
    parser = _Paths()
    parser.feed(html)
    return frozenset(parser.paths)


class _Paths(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.paths: set[str] = set()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        step = f"{tag}.{told.get('class')}.{told.get('type')}.{'checked' in told}"
        self.paths.add(" ".join((*self._open, step)))
        if tag not in VOID:
            self._open.append(step)

    def handle_endtag(self, tag: str) -> None:
        while self._open and not self._open.pop().startswith(f"{tag}."):
            pass
