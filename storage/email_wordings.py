"""What classes say themselves in their emails: versions of each kind, and which of them counts."""

import json
from collections.abc import Mapping
from datetime import datetime

import asyncpg

from schemas.emails.wordings import EmailWording
from schemas.enums import EmailKind
from storage.database import Db, queries


async def save(  # noqa: PLR0917 - the columns of a version
    db: Db,
    cohort_id: str,
    kind: EmailKind,
    passages: Mapping[str, str],
    written_by: str,
    now: datetime,
    used_since: datetime | None = None,
) -> int:
    """Store a version and return its number."""
    number = await queries.save_email_wording(
        db,
        cohort_id=cohort_id,
        kind=kind,
        passages=json.dumps(dict(passages)),
        written_by=written_by,
        now=now,
        used_since=used_since,
    )
    return int(number)


async def set_used(db: Db, cohort_id: str, number: int, now: datetime) -> bool:
    """Let a version count from now on; return False where the class has none of this number."""
    return await queries.set_email_wording_used(db, cohort_id=cohort_id, id=number, now=now) is not None


async def wording(db: Db, number: int) -> EmailWording | None:
    """Return one version, or None where there is none of this number."""
    row = await queries.email_wording(db, id=number)
    return None if row is None else _wording(row)


async def wordings(db: Db, cohort_id: str, kind: EmailKind) -> tuple[EmailWording, ...]:
    """Return the versions of one kind of email, the newest first."""
    return tuple([_wording(row) async for row in queries.email_wordings(db, cohort_id=cohort_id, kind=kind)])


async def in_use(db: Db, cohort_id: str) -> dict[EmailKind, EmailWording]:
    """Return the version of each kind of email that counts; a kind without any is worded by the program."""
    found = [_wording(row) async for row in queries.email_wordings_in_use(db, cohort_id=cohort_id)]
    return {one.kind: one for one in found}


def _wording(row: asyncpg.Record) -> EmailWording:
    return EmailWording(**{**row, "passages": json.loads(row["passages"])})
