"""Applying through the real pages: enter an address, follow the emailed link, fill in each page."""

import re
from collections.abc import Mapping, Sequence

import httpx

from rehearsal.http_client import FormPageRead, open_page, read_page, submit_form
from schemas.errors import MileError

MAX_PAGES = 20
MULTIPLE_CHOICE_KINDS = ("checkbox",)


async def request_link(http: httpx.AsyncClient, public_url: str, cohort_id: str, email: str) -> None:
    """Enter an address on a cohort's public page; the link arrives by email."""
    await submit_form(http, f"{public_url}/apply/{cohort_id}", {"email": email})


def personal_page_url(url: str) -> str:
    """Return the page behind a personal link, whichever page below it an email leads to."""
    match = re.match(r"(.*/a/[^/]+)", url)
    if match is None:
        raise MileError("An email about somebody's application leads to no page of theirs.")
    return match.group()


async def submit_application(http: httpx.AsyncClient, url: str, answers: Mapping[str, str]) -> list[FormPageRead]:
    """Fill in every page behind a personal link and submit the application; ``answers`` are by question name.

    Fields that ``answers`` do not name keep their current value. Returns the pages in order, with the review and then
    the confirmation last.
    Raises MileError where the pages do not lead to the review.
    """
    at, pages = f"{url}/form/1", []
    for _ in range(MAX_PAGES):
        page = await open_page(http, at)
        pages.append(page)
        answer = await http.post(at, data=dict(_filled(page, answers)) | {"go": "on"})
        answer.raise_for_status()
        at = str(answer.url)
        if re.search(r"/review\b", at):
            confirmed = await submit_form(http, f"{url}/review", {})
            return [*pages, read_page(answer.text), read_page(confirmed)]
    raise MileError("The pages of an application do not lead to its end.")


def _filled(page: FormPageRead, answers: Mapping[str, str]) -> Mapping[str, str | Sequence[str]]:
    # The pages expect several boxes of one name, while an answer joins them by commas.
    values = {field.name: answers.get(field.name, field.value) for field in page.fields}
    multiple_choice = {field.name for field in page.fields if field.kind in MULTIPLE_CHOICE_KINDS}
    return {name: value.split(",") if name in multiple_choice else value for name, value in values.items() if value}
