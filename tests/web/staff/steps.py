"""Steps as a browser takes them: the form is sent, the page that says what it leads to is confirmed."""

import httpx

from tests.web.staff.pages import hidden


async def look(client: httpx.AsyncClient, path: str, typed: dict[str, str | list[str]]) -> httpx.Response:
    """Send a form, and return the page that says what it leads to."""
    page = await client.post(path, data=typed)
    assert page.status_code == 200, page.text
    return page


async def take(
    client: httpx.AsyncClient, path: str, typed: dict[str, str | list[str]], note: str = "as agreed"
) -> httpx.Response:
    """Take a step, and return the page that it leads to."""
    page = await look(client, path, typed)
    answer = await client.post(path, data=hidden(page) | {"step-action": "confirm", "note": note})
    assert answer.status_code == 303, answer.text
    return await client.get(answer.headers["location"])
