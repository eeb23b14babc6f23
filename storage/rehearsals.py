"""What only a rehearsal reads: no page, email or report needs it."""

import asyncpg

from schemas.enums import MilestoneKind
from storage.database import Db, queries


async def agreements(db: Db, cohort_id: str) -> list[asyncpg.Record]:
    """Return every version of the agreements of a cohort's pairs, in order of pairs and versions."""
    return [row async for row in queries.agreements_of_cohort(db, cohort_id=cohort_id)]


async def links_of(db: Db, email_key: str) -> dict[bytes, tuple[str, MilestoneKind]]:
    """Return the milestone each link of an email leads to and its kind, by the hash of the link's token."""
    rows = queries.links_of_email(db, email_key=email_key)
    return {row["token_hash"]: (row["milestone"], MilestoneKind(row["kind"])) async for row in rows}


async def draft_of(db: Db, cohort_id: str, email: str) -> str | None:
    """Return the id of whoever began to apply to a cohort with this address, or None."""
    person = await queries.draft_of(db, cohort_id=cohort_id, email=email)
    return None if person is None else str(person)


async def end_postponement(db: Db, scope_id: str) -> int:
    """Let emails of a mentorship, person or cohort leave that wait for office hours; return how many did."""
    return int(await queries.end_postponement(db, scope_id=scope_id))
