"""A volunteer at the console: presses buttons, types, and counts both, as the figures of the documents are counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Locator, Page

from tests.web.browser import follow


@dataclass
class Effort:
    """What a task took."""

    clicks: int = 0
    typed: int = 0


@dataclass
class Volunteer:
    """Somebody with a browser; ``efforts`` are by task."""

    page: Page
    efforts: dict[str, Effort] = field(default_factory=dict)
    _task: str = "other"

    def begin(self, task: str) -> None:
        """Count what follows for a task."""
        self._task = task
        self.efforts[task] = Effort()

    async def link(self, name: str, *, exact: bool = False) -> None:
        """Follow a link, and see a page that went well."""
        await self._go(self.page.get_by_role("link", name=name, exact=exact).first)

    async def first_link_in(self, region: str) -> None:
        """Follow the first link of a table."""
        await self._go(self.page.get_by_role("region", name=region).get_by_role("link").first)

    async def button(self, name: str) -> None:
        """Press a button, and see a page that went well."""
        await self._go(self.page.get_by_role("button", name=name, exact=True).first)

    async def choose(self, name: str, *, exact: bool = True) -> None:
        """Check a box or pick one of several."""
        await self.page.get_by_label(name, exact=exact).first.check()
        self._effort.clicks += 1

    async def type(self, label: str, words: str) -> None:
        """Type into a field what stands there afterwards."""
        await self.page.get_by_label(label).first.fill(words)
        self._effort.clicks += 1
        self._effort.typed += len(words)

    async def upload(self, files: Sequence[tuple[str, Path]]) -> None:
        """Choose files by the labels of their fields."""
        for label, file in files:
            await self.page.get_by_label(label).set_input_files(file)
            self._effort.clicks += 1

    async def confirm(self, button: str) -> str:
        """Say yes to what is shown, and return what was done, as the next page says it."""
        await self.button(button)
        return await self.page.get_by_role("status").first.inner_text()

    async def step(self, button: str) -> str:
        """Look at what a form leads to, say yes, and return what was done."""
        await self.button("See what it leads to")
        return await self.confirm(button)

    @property
    def _effort(self) -> Effort:
        return self.efforts.setdefault(self._task, Effort())

    async def _go(self, control: Locator) -> None:
        await follow(control)
        self._effort.clicks += 1
        heading = await self.page.get_by_role("heading", level=1).inner_text()
        alerts = [await alert.inner_text() for alert in await self.page.get_by_role("alert").all()]
        assert "did not work" not in heading, f"{heading}: {await self.page.locator('main').inner_text()}"
        assert alerts == [], f"{self.page.url}: {alerts}"
