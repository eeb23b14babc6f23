"""The page that says which guidance there is, in which version, and on whose work it builds (A43)."""

import tomllib
from pathlib import Path

import httpx

from tests.web.participants.test_responses import text_of

TEXTS = Path(__file__).parents[2] / "emails" / "guidance"


async def test_page_names_version_and_sources_of_every_text(client: httpx.AsyncClient) -> None:
    page = text_of(await client.get("/guidance"))
    files = [tomllib.loads(file.read_text()) for file in TEXTS.glob("*.toml")]
    assert len(files) == 12
    for file in files:
        assert f"{file['title']}, version {file['version']}, after {file['credit']}." in page
        assert all(work in page for work in file["source"].split("; "))


async def test_pages_of_participants_link_to_the_sources(client: httpx.AsyncClient, check_in: str) -> None:
    assert '<a href="/guidance">Where our tips come from</a>' in (await client.get(check_in)).text
