"""Applying through the real pages: an address is typed, the emailed link followed, each page filled in."""

import re
from collections.abc import Mapping, Sequence

import httpx

from rehearsal.visiting import Page, press_button, read_page
from schemas.errors import MileError

MOST_PAGES = 20
SEVERAL = ("checkbox",)


async def begin(http: httpx.AsyncClient, public_url: str, cohort_id: str, email: str) -> None:
    """Type an address on a cohort's public page; the link comes by email."""
    await press_button(http, f"{public_url}/apply/{cohort_id}", {"email": email})


async def hand_in(http: httpx.AsyncClient, url: str, answers: Mapping[str, str]) -> Page:
    """Fill in every page behind a personal link and hand the whole in; ``answers`` are by question name.

    What ``answers`` do not name stays as it stands there. Raises MileError where the pages do not lead to the review.
    """
    at = f"{url}/form/1"
    for _ in range(MOST_PAGES):
        page = read_page(await _open(http, at))
        filled = {field.name: answers.get(field.name, field.standing) for field in page.fields}
        several = {field.name for field in page.fields if field.kind in SEVERAL}
        sent: dict[str, str | Sequence[str]] = {
            name: value.split(",") if name in several else value for name, value in filled.items() if value
        }
        answer = await http.post(at, data=dict(sent) | {"go": "on"})
        answer.raise_for_status()
        at = str(answer.url)
        if re.search(r"/review\b", at):
            return await press_button(http, f"{url}/review", {})
    raise MileError("The pages of an application do not lead to its end.")


async def _open(http: httpx.AsyncClient, url: str) -> str:
    answer = await http.get(url)
    answer.raise_for_status()
    return answer.text
