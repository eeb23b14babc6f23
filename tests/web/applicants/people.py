"""A class people apply to in the spring of 2019, and what two of them type."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx

from emails.links import token, token_hash
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side
from schemas.forms.applying import PAGES
from schemas.ids import applicant_scope
from storage import applicants, personal_links

COHORT_ID = "mile-2019"
BEFORE, OPEN = datetime(2019, 1, 20, 18, tzinfo=UTC), datetime(2019, 2, 20, 18, tzinfo=UTC)
CLOSES = datetime(2019, 4, 1, 5, tzinfo=UTC)
KICKOFF = datetime(2019, 5, 10, 13, tzinfo=UTC)
SETTINGS: dict[str, Any] = {
    "id": COHORT_ID,
    "title": "2019 Mentorship Program",
    "institute": {"venue": "Sugar Lake Lodge", "town": "Cohasset", "last_day": "2019-05-10"},
    "contact": {"role": "Mentorship Subcommittee Chair", "email": "chair@example.org"},
    "eligibility": {"min_years": 5, "sit_out_years": 2},
    "applications": {"opens_on": "2019-02-01", "closes_on": "2019-03-31"},
}
PLACE = {"library": "Library of Ely", "library_type": "public", "town": "Ely", "role": "Clerk"}
GOALS = {"goals": ["Lead the weekly meeting"], "challenges": "Being heard.", "hopes": "An honest ear."}

ABOUT = {"name": "Solveig Aaberg", **PLACE}
EXPERIENCE = {"years": "12", "last_attended": "2013", "mentored_before": "once"}
OFFER = {"offers": "leadership", "about": "I rebuilt a library after a flood."}
WORKING = {"working_style": "structured", "availability": "mornings", "capacity": "2"}
APART = {"keep_apart": "Nobody from Duluth, please."}
MENTOR = (ABOUT, EXPERIENCE, OFFER, WORKING, APART)
INTAKE = (
    ABOUT | {"name": "Kao Nou Vue-Reyes", "years": "3"},
    {"goal_1": "Lead the weekly meeting", "goal_2": "", "goal_3": "", "wants": "leadership"},
    {"challenges": "Being heard.", "hopes": "An honest ear."},
    {"working_style": "flexible", "availability": "evenings"},
)


def settings(**applications: object) -> CohortSettings:
    window = SETTINGS["applications"] | applications
    return CohortSettings.model_validate(SETTINGS | {"applications": window})


def mentee(number: int, **changes: object) -> MenteeApplication:
    answers = {"id": f"P{number:02}", "name": "Kao Nou Vue-Reyes", "email": f"p{number}@example.org", "years": 3}
    return MenteeApplication.model_validate(answers | PLACE | changes)


def mentor(number: int, **changes: object) -> MentorApplication:
    answers = {"id": f"M{number:02}", "name": "Amina Warsame", "email": f"m{number}@example.org", "years": 20}
    return MentorApplication.model_validate(answers | PLACE | changes)


async def link(pool: asyncpg.Pool, person_id: str, cohort_id: str = COHORT_ID) -> str:
    """Create a personal link, as the email that contains it does, and return its path."""
    secret = token(b"s" * 32, "personal", applicant_scope(cohort_id, person_id))
    await personal_links.ensure(pool, cohort_id, person_id, token_hash(secret))
    return f"/a/{secret}"


async def save(client: httpx.AsyncClient, page: str, number: int, typed: dict[str, str], go: str = "on") -> str:
    """Save one page as a browser does, and return where its button led."""
    answer = await client.post(f"{page}/form/{number}", data=typed | {"go": go})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def fill_in(client: httpx.AsyncClient, page: str, side: Side = Side.MENTOR) -> None:
    """Fill in every page."""
    typed = MENTOR if side is Side.MENTOR else INTAKE
    assert len(typed) == len(PAGES[side])
    for number, answers in enumerate(typed, start=1):
        await save(client, page, number, answers)


def text_of(page: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


async def status(pool: asyncpg.Pool, person_id: str = "A001") -> ApplicationStatus | None:
    return (await applicants.applicant(pool, COHORT_ID, person_id)).status


async def emails(pool: asyncpg.Pool) -> list[tuple[str, str, str]]:
    """Return kind, recipient and state of every email in the outbox, in order."""
    rows = await pool.fetch("select kind, recipient, state from outbox order by due_at, key")
    return [(row["kind"], row["recipient"], row["state"]) for row in rows]
