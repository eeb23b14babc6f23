"""What tests read on the pages of staff, and how they take a step on them."""

import html
import re

import httpx


def hidden(page: httpx.Response) -> dict[str, str]:
    """Return the hidden fields of a page."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in fields}


async def preview(client: httpx.AsyncClient, path: str, **typed: str) -> httpx.Response:
    """Send a step's form as far as the page that says what it leads to."""
    page = await (client.post(path, data=typed) if typed else client.get(path))
    assert page.status_code == 200, page.text
    return page


async def say_yes(client: httpx.AsyncClient, path: str, page: httpx.Response, note: str = "") -> httpx.Response:
    """Say yes to what a page shows; return the page that it leads to."""
    done = await client.post(path, data=hidden(page) | {"step-action": "confirm", "note": note})
    assert done.status_code == 303, done.text
    return await client.get(done.headers["location"])


async def take(client: httpx.AsyncClient, path: str, note: str = "", **typed: str) -> httpx.Response:
    """Take a step from its form to its yes; return the page that it leads to."""
    return await say_yes(client, path, await preview(client, path, **typed), note)


def words(page: httpx.Response) -> str:
    """Return the words of a page on one line, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
