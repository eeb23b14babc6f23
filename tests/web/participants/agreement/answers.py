"""A pair on the tenth day of their mentorship, and what each of them posts from the agreement's page."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import asyncpg
import httpx

from runtime.clock import WallClock
from schemas.actor import Actor
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.forms.agreement import CLAUSES
from schemas.mentorship.responses import AgreementVersion, Link, NewResponse, ResponsePage, SavedResponse
from services.responses import ResponseService
from storage import agreements, response_pages

KICKOFF = datetime(2019, 5, 10, 13, tzinfo=UTC)
MENTORSHIP = "mile-2019-001"
COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
)
PLACE = {"library": "Library of Ely", "library_type": "public", "town": "Ely", "role": "Clerk", "years": 9}
MENTOR = MentorApplication.model_validate({"id": "M01", "name": "Solveig Aaberg", "email": "m@example.org"} | PLACE)
MENTEE = MenteeApplication.model_validate(
    {"id": "P01", "name": "Kao Nou Vue-Reyes", "email": "p@example.org", "goals": ["Lead the weekly meeting"]} | PLACE
)
TICKED = {clause.name: "yes" for clause in CLAUSES}
RHYTHM = {"meetings": "3", "goal_updates": "3"}
PARTS = ("goals", "rhythm", "roles", "rules", "sign")
GOAL = {"goal_1": "Lead the weekly meeting"}


class AgreementService(ResponseService):
    """The service without the engine: the words are kept in PostgreSQL as ever, and nobody is told of them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.time = KICKOFF + timedelta(days=10)

    async def open(self, token_hash: bytes) -> ResponsePage | None:
        return await response_pages.response_page(self.pool, token_hash, WallClock())

    async def save(
        self, actor: Actor, cohort_id: str, response: NewResponse, *, in_steps: bool = False, goes_on: bool = False
    ) -> SavedResponse:
        return await agreements.save_agreement(self.pool, response)

    async def save_agreement_draft(self, link: Link, version: int, answers: dict[str, str]) -> None:
        await agreements.save_draft(self.pool, link, version, answers, self.time)

    def now(self, mentorship_id: str) -> datetime:
        assert mentorship_id == MENTORSHIP
        return self.time

    async def check_servers(self) -> dict[str, bool]:
        return {}

    async def newest(self) -> AgreementVersion:
        return await agreements.newest(self.pool, MENTORSHIP)


def seen(page: httpx.Response) -> str:
    return seen_in(page.text)


async def read_steps(client: httpx.AsyncClient, link: str) -> str:
    """Return all steps of the form behind a link, one after the other."""
    pages = [await client.get(f"{link}/parts/{part}") for part in PARTS]
    assert [page.status_code for page in pages] == [200] * len(PARTS)
    return "".join(page.text for page in pages)


def seen_in(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def saves(version: int, *more: Mapping[str, str]) -> dict[str, str]:
    sent = {"version": str(version), "act": "save", **RHYTHM}
    for each in more:
        sent |= each
    return sent


def agrees(version: int, *more: Mapping[str, str]) -> dict[str, str]:
    return saves(version, TICKED, *more) | {"act": "agree"}
