"""A cohort's locale changes the dates and times of match and kickoff pages, and nothing in the calendar file."""

from datetime import datetime, timedelta

import httpx
import pytest

from storage import cohorts
from tests.british import in_british
from tests.web.applicants.invitations.proposed_class import COHORT, DUE, KICKOFF, PROPOSED, ProposedClass

ANSWERS: dict[str, dict[str, str]] = {
    "open": {},
    "committed": {"act": "committed"},
    "asked": {"act": "asked", "question": "Do you know grants?"},
    "declined": {"act": "declined", "reason": "distance"},
    "refused": {"act": "declined"},
}


async def _shown(client: httpx.AsyncClient, proposed: ProposedClass, *paths: str) -> tuple[list[str], list[str]]:
    shown = []
    for locale in ("en_US", "en_GB"):
        await cohorts.save_settings(proposed.pool, COHORT.model_copy(update={"locale": locale}), PROPOSED)
        shown.append([" ".join((await client.get(path)).text.split()) for path in paths])
    american, british = shown
    return american, british


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("now", [PROPOSED + timedelta(days=1), DUE, KICKOFF], ids=["in time", "late", "begun"])
async def test_match_pages(
    client: httpx.AsyncClient, proposed: ProposedClass, now: datetime, answer: dict[str, str]
) -> None:
    await client.post(proposed.match("P01"), data={"partner": "M01", **answer})
    proposed.at(now)
    american, british = await _shown(
        client, proposed, proposed.match("P01"), proposed.match("M01"), proposed.match("M02")
    )
    assert british == [in_british(page) for page in american]
    assert british != american


@pytest.mark.parametrize("now", [PROPOSED + timedelta(days=1), KICKOFF], ids=["in time", "late"])
@pytest.mark.parametrize("answer", ["", "yes", "no", "unsure"])
async def test_kickoff_pages(client: httpx.AsyncClient, proposed: ProposedClass, now: datetime, answer: str) -> None:
    await proposed.commit("M02", "P03")
    if answer:
        await client.post(proposed.kickoff("M02"), data={"status": answer, "half_day": "friday"})
    proposed.at(now)
    american, british = await _shown(client, proposed, proposed.kickoff("M02"), f"{proposed.kickoff('M02')}?change=yes")
    assert british == [in_british(page) for page in american]
    assert british != american


async def test_final_match_and_calendar_file(client: httpx.AsyncClient, proposed: ProposedClass) -> None:
    await proposed.commit("M02", "P03")
    american, british = await _shown(client, proposed, proposed.match("M02"), proposed.match("P03"))
    assert british == [in_british(page) for page in american]
    american, british = await _shown(client, proposed, f"{proposed.kickoff('M02')}.ics")
    assert "BEGIN:VEVENT" in british[0]
    assert british == american
