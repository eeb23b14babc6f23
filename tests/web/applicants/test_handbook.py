"""The handbooks on a page that everybody can read: the program's, or those that a class wrote."""

import re
from datetime import date
from pathlib import Path

import asyncpg
import httpx
import pytest

from schemas.cohort.settings import CohortSettings, Program
from storage import cohorts
from tests.web.applicants.people import BEFORE, COHORT_ID, SETTINGS, text_of

HANDBOOKS = Path(__file__).parents[3] / "emails" / "guidance"


@pytest.mark.parametrize("side", ["mentor", "mentee"])
async def test_public_page_of_a_class_leads_to_both_handbooks(client: httpx.AsyncClient, side: str) -> None:
    assert f'href="/handbook/{COHORT_ID}/{side}"' in (await client.get(f"/apply/{COHORT_ID}")).text
    page = await client.get(f"/handbook/{COHORT_ID}/{side}")
    assert page.status_code == 200
    assert page.text.count("<h1>") == 1
    lines = (HANDBOOKS / f"handbook_{side}.md").read_text().splitlines()
    assert re.findall(r"<h2 id=.*?>(.*)</h2>", page.text) == [line[2:] for line in lines if line.startswith("# ")]
    assert 'id="work-on-the-goals"' in page.text
    assert lines[-1] in text_of(page)


async def test_review_of_an_application_leads_to_the_handbook(client: httpx.AsyncClient, draft_page: str) -> None:
    assert f'href="/handbook/{COHORT_ID}/mentor"' in (await client.get(f"{draft_page}/review")).text


async def test_class_has_a_handbook_of_its_own(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    own = "### Meet\n\nAsk **first**. <script>alert(1)</script>\n\n# Meet\n\n[Away](javascript:alert(1))"
    program = Program(mentor_handbook=own, handbooks_revised_on=date(2019, 1, 4))
    await cohorts.save_settings(pool, CohortSettings.model_validate(SETTINGS | {"program": program}), BEFORE)
    page = await client.get(f"/handbook/{COHORT_ID}/mentor")
    assert re.findall("<h2.*</h2>", page.text) == ['<h2 id="meet">Meet</h2>', '<h2 id="meet-2">Meet</h2>']
    assert "Ask <strong>first</strong>. &lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert 'href="javascript' not in page.text
    assert "This version is of January 4, 2019." in text_of(page)
    assert "Get ready" in text_of(await client.get(f"/handbook/{COHORT_ID}/mentee"))


@pytest.mark.parametrize("path", [f"/handbook/{COHORT_ID}/staff", "/handbook/mile-1999/mentor", "/handbook/A!/mentor"])
async def test_there_is_no_other_handbook(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
