"""Somebody at a page without mouse and without script: Tab, Space, Enter, arrow keys and typing, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from playwright.async_api import Page

from tests.web.browser import PHONE, barriers
from tests.web.staff.barriers import load, shape, wrong_by_keyboard

# More than any page has controls: whoever presses Tab so often and did not get there cannot get there.
MOST_PRESSES = 400
FOCUSED = """() => {
    const {tagName, type = '', name = '', value = '', checked = false, innerText = ''} = document.activeElement;
    return {tag: tagName, type, name, value, checked, words: innerText.replace(/\\s+/g, ' ').trim()};
}"""


class Control(TypedDict):
    """What has the focus."""

    tag: str
    type: str
    name: str
    value: str
    checked: bool
    words: str


@dataclass
class BarrierCheck:
    """Looks at every page that is seen, in a window of its own in which scripts run; one of each shape is enough."""

    window: Page
    found: dict[str, list[str]] = field(default_factory=dict)
    shapes: set[frozenset[str]] = field(default_factory=set)

    async def look(self, page: Page) -> None:
        """Note what stands in somebody's way on a page."""
        html = await page.content()
        if (seen := shape(html)) in self.shapes:
            return
        self.shapes.add(seen)
        await load(self.window, html)
        wrong = [*await barriers(self.window, (PHONE,)), *await wrong_by_keyboard(self.window)]
        if wrong:
            self.found[f"{await page.title()} {page.url}"] = wrong


@dataclass
class Keyboard:
    """Somebody's keyboard, and the page that they see."""

    page: Page
    check: BarrierCheck

    async def open(self, path: str) -> None:
        """Open a link of an email, or an address that somebody typed."""
        await self.page.goto(path)
        await self.check.look(self.page)

    async def link(self, words: str) -> None:
        """Go to a link by its words, and follow it."""
        await self.reach("A", words)
        await self._enter()

    async def button(self, words: str) -> None:
        """Go to a button by its words, and press it."""
        await self.reach("BUTTON", words)
        await self._enter()

    async def fill(self, button: str, answers: Mapping[str, str]) -> None:
        """Answer what a form asks, by the names of its questions, on the way to its button, and press it.

        ``button`` is a regular expression for how its words begin, for they may say that more is to come. Whoever has
        not answered everything when they are there finds no way to a question.
        """
        answered: set[str] = set()
        # A link to a question has led the focus there.
        control = await self._focused()
        for _ in range(MOST_PRESSES):
            if control["tag"] == "BUTTON" and re.match(button, control["words"]):
                assert answered == set(answers), f"{self.page.url}: no way to {set(answers) - answered}"
                await self._enter()
                return
            name = control["name"]
            if name in answers and (name not in answered or control["type"] == "checkbox"):
                await self._answer(control, answers[name])
                answered.add(name)
            control = await self._tab()
        raise AssertionError(f"{self.page.url}: no way to the button {button}")

    async def text(self) -> str:
        """Return what the page says, in one line."""
        return " ".join((await self.page.locator("main").inner_text()).split())

    async def reach(self, tag: str, words: str) -> None:
        """Go to a link or a button by its words."""
        for _ in range(MOST_PRESSES):
            control = await self._tab()
            if control["tag"] == tag and words in control["words"]:
                return
        raise AssertionError(f"{self.page.url}: no way to “{words}”")

    async def _tab(self) -> Control:
        await self.page.keyboard.press("Tab")
        return await self._focused()

    async def _focused(self) -> Control:
        focused: Control = await self.page.evaluate(FOCUSED)
        return focused

    async def _answer(self, control: Control, answer: str) -> None:
        keys = self.page.keyboard
        if control["type"] == "radio":
            await self._choose(control, answer)
        elif control["type"] == "checkbox":
            if control["checked"] is not (control["value"] in answer.split(",")):
                await keys.press("Space")
        elif control["type"] == "date":
            await keys.type(f"{date.fromisoformat(answer):%m%d%Y}")
        else:
            # What stood there before is written over; in a field for a time there is nothing to select.
            await keys.press("Control+A")
            await keys.type(answer)

    async def _choose(self, control: Control, answer: str) -> None:
        seen: set[str] = set()
        while not (control["checked"] and control["value"] == answer):
            assert control["value"] not in seen or not control["checked"], f"{control['name']} has no {answer}"
            seen.add(control["value"])
            await self.page.keyboard.press("Space" if control["value"] == answer else "ArrowDown")
            control = await self._focused()

    async def _enter(self) -> None:
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")
        await self.check.look(self.page)
