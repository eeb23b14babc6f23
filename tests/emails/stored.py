"""A cohort of one invented pair with its plan, in a real PostgreSQL."""

from datetime import UTC, date, datetime

import asyncpg

from emails.samples import SAMPLE_COHORT
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.mentorship.state import Ask
from storage import cohorts, mentorships
from tests.emails.mentorship import sample_pair, sample_plan
from tests.matched import matched

NOW = datetime(2019, 5, 10, 13, tzinfo=UTC)
PAIR = "mile-2019-001"
PLAN = sample_plan(sample_pair(SAMPLE_COHORT))


def person(letter: str) -> dict[str, object]:
    return {
        "id": f"{letter}01",
        "name": f"Person {letter}",
        "email": f"{letter.lower()}@example.org",
        "library": "Library of Ely",
        "library_type": "public",
        "town": "Ely",
        "role": "Clerk",
    }


def people() -> tuple[MentorApplication, MenteeApplication]:
    """Return the mentor and the mentee."""
    mentor = MentorApplication.model_validate(person("M") | {"years": 9})
    return mentor, MenteeApplication.model_validate(person("P") | {"goals": ("A secret goal",)})


def check_in(
    number: int = 0, to: Recipient = Recipient.MENTOR, *, at: datetime = NOW, automatic: bool = False
) -> QueuedEmail:
    """Return an email about the first check-in of that pair; those of other numbers ask the same once more."""
    return QueuedEmail(
        key=f"{PAIR}/check_in/check_in-1/{to}/{number}",
        kind=EmailKind.CHECK_IN,
        scope_id=PAIR,
        to=to,
        at=at,
        now=at,
        asks=(Ask(milestone="check_in-1"),),
        automatic=automatic,
    )


async def store_pair(pool: asyncpg.Pool, cohort_id: str = SAMPLE_COHORT.id) -> None:
    """Keep a cohort of one pair that has its plan."""
    mentor, mentee = people()
    settings = SAMPLE_COHORT.model_copy(update={"id": cohort_id})
    await cohorts.save_cohort(pool, settings, (mentor,), (mentee,), NOW)
    match = matched(("M01", "P01"))
    days = {"starts_on": date(2019, 5, 10), "ends_on": date(2020, 11, 10)}
    (pair,) = await mentorships.save_pairs(pool, cohort_id, match, **days, now=NOW)
    await mentorships.save_plan(pool, pair, PLAN, NOW)
