"""What the page behind a link in an email shows."""

import json
from datetime import date, datetime

from domain.calendar import local_day
from domain.forms import answers_readable_by
from domain.mentorship.milestones import SETTLED_BY_EITHER
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Side
from schemas.forms.catalog import CLOSURE_SURVEY
from schemas.mentorship.responses import AskedStep, Link, ResponsePage
from storage import agreements, meetings
from storage.database import Db, queries, stored_as
from storage.mentorships import partners


async def response_page(db: Db, token_hash: bytes, milestone: str | None = None) -> ResponsePage | None:
    """Return all that the page behind a link in an email shows, or the page of another ``milestone`` to the same side.

    None for an unknown or revoked link.
    """
    row = await queries.milestone_link(db, token_hash=token_hash)
    if row is None:
        return None
    link = Link(**row)
    return await page_of(db, link.model_copy(update={"milestone": milestone}) if milestone else link)


async def steps_of_email(db: Db, token_hash: bytes, now: datetime) -> tuple[AskedStep, ...]:
    """Return what the email asked that a link came with, and what of it can be answered at a moment (aware)."""
    rows = queries.steps_of_email(db, token_hash=token_hash, settled_by_either=list(SETTLED_BY_EITHER))
    return tuple(
        [
            AskedStep(
                milestone=row["milestone"],
                kind=row["kind"],
                answered=row["answered"],
                is_open=row["asked"]
                and row["dropped_at"] is None
                and row["opens_at"] <= now < (row["open_until"] or row["closes_at"]),
            )
            async for row in rows
        ]
    )


async def page_of(db: Db, link: Link) -> ResponsePage | None:
    """Return all that a milestone's page shows to a side, or None where there is no such milestone."""
    side, mentorship = link.side, link.mentorship_id
    row = await queries.response_page(db, mentorship_id=mentorship, milestone=link.milestone, side=side)
    if row is None:
        return None
    pair = await partners(db, mentorship)
    return ResponsePage(
        link=link,
        kind=row["kind"],
        number=row["number"],
        cohort=stored_as(CohortSettings, row["settings"]),
        person=pair.of(side),
        partner=pair.of(side.partner),
        goals=pair.goals,
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        last_milestone_on=row["last_milestone_on"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        closes_on=row["closes_on"],
        answers=json.loads(row["answers"]) if row["answers"] else {},
        answered_at=row["answered_at"],
        outcome=row["outcome"],
        meeting_on=await _meeting_on(db, link, pair.cohort) if row["kind"] == MilestoneKind.MEETING else None,
        shared=_shared(side.partner, json.loads(row["partner_survey"] or "{}")),
        **(await _agreement(db, link) if row["kind"] == MilestoneKind.AGREEMENT else {}),
    )


def _shared(author: Side, answers: dict[str, str]) -> str:
    """Return the author's takeaway, where they ticked that their partner may read it (A9)."""
    return answers_readable_by("partner", CLOSURE_SURVEY.for_side(author), answers).get("takeaway", "")


async def _meeting_on(db: Db, link: Link, cohort: CohortSettings) -> date | None:
    agreed = (await meetings.dates(db, link.mentorship_id)).get(link.milestone)
    return None if agreed is None or agreed.cancelled else local_day(agreed.starts_at, cohort.time_zone)


async def _agreement(db: Db, link: Link) -> dict[str, object]:
    mentorship = link.mentorship_id
    newest = await agreements.newest(db, mentorship)
    return {
        "agreement": newest,
        "agreement_before": await agreements.version(db, mentorship, newest.version - 1) if newest.version else None,
        "agreement_in_force": await agreements.in_force(db, mentorship),
        "agreement_draft": await agreements.draft(db, link),
    }
