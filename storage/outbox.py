"""The outbox and the links in its emails: an email is a row before it is a byte."""

import json
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from domain.forms import answers_readable_by
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import SendEmail
from schemas.enums import GoalStatus, MilestoneKind, Side
from schemas.forms.catalog import CLOSURE_SURVEY
from schemas.mentorship.responses import AgreementVersion, Link, ResponsePage
from storage import agreements
from storage.database import Db, queries
from storage.mentorships import partners


async def enqueue(
    pool: asyncpg.Pool, cohort_id: str, order: SendEmail, subject: str, links: Sequence[tuple[bytes, Link]]
) -> None:
    """Claim an email's key and keep the hashes of its links' tokens; what is there already stays as it is."""
    async with pool.acquire() as connection, connection.transaction():
        await queries.put_in_outbox(
            connection,
            key=order.key,
            scope_id=order.scope_id,
            cohort_id=cohort_id,
            kind=order.kind,
            recipient=order.to,
            subject=subject,
            asks=json.dumps([ask.model_dump() for ask in order.asks]),
            automatic=order.automatic,
            due_at=order.at,
        )
        for token_hash, link in links:
            await queries.save_link(
                connection,
                token_hash=token_hash,
                email_key=order.key,
                mentorship_id=link.mentorship_id,
                milestone=link.milestone,
                side=link.side,
            )


async def email_state(db: Db, key: str) -> str | None:
    """Return where an email stands, or None where nobody asked for it yet."""
    state = await queries.email_state(db, key=key)
    return None if state is None else str(state)


async def set_sending(db: Db, key: str) -> None:
    """Say that an email is about to leave."""
    await queries.set_email_sending(db, key=key)


async def set_sent(db: Db, key: str, now: datetime) -> None:
    """Say that the relay took an email, at the program's time ``now``."""
    await queries.set_email_sent(db, key=key, now=now)


async def set_undeliverable(db: Db, key: str) -> None:
    """Say that the relay refused an email's address for good."""
    await queries.set_email_undeliverable(db, key=key)


async def emails_of(db: Db, scope_id: str) -> list[asyncpg.Record]:
    """Return the outbox rows of one mentorship, or of a cohort as a whole, in order of their moments."""
    return [row async for row in queries.emails_of_scope(db, scope_id=scope_id)]


async def emails(db: Db, cohort_id: str) -> list[asyncpg.Record]:
    """Return all outbox rows of a cohort, in order of their moments."""
    return [row async for row in queries.emails_of_cohort(db, cohort_id=cohort_id)]


async def response_page(db: Db, token_hash: bytes) -> ResponsePage | None:
    """Return all that the page behind a link shows, or None for an unknown or revoked link."""
    row = await queries.link_page(db, token_hash=token_hash)
    if row is None or row["revoked"]:
        return None
    side = Side(row["side"])
    pair = await partners(db, row["mentorship_id"])
    return ResponsePage(
        link=Link(mentorship_id=row["mentorship_id"], milestone=row["milestone"], side=side),
        kind=row["kind"],
        number=row["number"],
        cohort=CohortSettings.model_validate_json(row["settings"]),
        person=pair.of(side),
        partner=pair.of(side.partner),
        goals=pair.goals,
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        closes_on=row["closes_on"],
        answers=json.loads(row["answers"]) if row["answers"] else {},
        answered_at=row["answered_at"],
        outcome=row["outcome"],
        shared=_shared(side.partner, json.loads(row["closing_words"] or "{}")),
        **(await _agreement(db, row["mentorship_id"]) if row["kind"] == MilestoneKind.AGREEMENT else {}),
    )


def _shared(author: Side, answers: dict[str, str]) -> str:
    """Return what somebody takes away, where they ticked that their partner may read it (A9)."""
    return answers_readable_by("partner", CLOSURE_SURVEY.for_side(author), answers).get("takeaway", "")


async def _agreement(db: Db, mentorship: str) -> dict[str, AgreementVersion | None]:
    newest = await agreements.newest(db, mentorship)
    before = await agreements.version(db, mentorship, newest.version - 1) if newest.version else None
    standing = await agreements.standing(db, mentorship)
    return {"agreement": newest, "agreement_before": before, "standing": standing}


async def thanks_words(db: Db, mentorship: str, milestone: str) -> str | None:
    """Return the words a mentee sent as thanks at a milestone, or None where none were sent (A39)."""
    words = await queries.thanks_words(db, mentorship_id=mentorship, milestone=milestone)
    return None if words is None else str(words)


async def stuck_goals(db: Db, mentorship: str) -> tuple[frozenset[int], frozenset[int]]:
    """Return the numbers of the goals the mentee calls stuck, and of those stuck for the second time in a row."""
    newest = json.loads(await queries.stuck_goals(db, mentorship_id=mentorship))
    stuck = [_stuck(answers) for answers in newest]
    return (stuck[0] if stuck else frozenset()), (stuck[0] & stuck[1] if len(stuck) > 1 else frozenset())


def _stuck(answers: dict[str, str]) -> frozenset[int]:
    return frozenset(int(name.removeprefix("goal_")) for name, status in answers.items() if status == GoalStatus.STUCK)
