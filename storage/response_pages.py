"""What the page behind a link in an email shows."""

import json
from datetime import date, datetime

from pydantic import AwareDatetime, TypeAdapter

from domain.calendar import local_day
from domain.cohort.roles import settings_with_contact
from domain.forms import answers_readable_by
from domain.mentorship.milestones import SETTLED_BY_EITHER
from runtime.clock import Clock
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Side
from schemas.forms.catalog import CLOSURE_SURVEY
from schemas.mentorship.responses import AskedStep, Link, ResponsePage
from storage import agreements, meetings
from storage.database import Db, queries
from storage.mentorships import pair_of
from storage.roles import read_holders


class _EmailStep(FrozenModel):
    """Something that an email asked: whether its recipient is ``asked`` about it still, has ``answered``, and when."""

    milestone: str
    kind: MilestoneKind
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    asked: bool
    answered: bool

    def at(self, now: datetime) -> AskedStep:
        """Return what is left of it to do at a moment."""
        is_open = self.asked and self.opens_at <= now < self.closes_at
        return AskedStep(milestone=self.milestone, kind=self.kind, answered=self.answered, is_open=is_open)


_STEPS = TypeAdapter(tuple[_EmailStep, ...])


async def response_page(db: Db, token_hash: bytes, clock: Clock, milestone: str | None = None) -> ResponsePage | None:
    """Return all that the page behind a link in an email shows, or the page of another ``milestone`` to the same side.

    Its ``steps`` are all that the email asked, with those that cannot be answered now. None for an unknown or revoked
    link.
    """
    return await _page(db, clock, token_hash=token_hash, milestone=milestone, mentorship_id=None, side=None)


async def page_of(db: Db, link: Link, clock: Clock) -> ResponsePage | None:
    """Return all that a milestone's page shows to a side, or None where there is no such milestone."""
    named = {"mentorship_id": link.mentorship_id, "milestone": link.milestone, "side": link.side}
    return await _page(db, clock, token_hash=None, **named)


async def _page(db: Db, clock: Clock, **opened: object) -> ResponsePage | None:
    row = await queries.response_page(db, **opened, settled_by_either=list(SETTLED_BY_EITHER))
    if row is None:
        return None
    pair, now = pair_of(row), clock.now(row["id"])
    link = Link(mentorship_id=pair.mentorship_id, milestone=row["milestone"], side=row["side"])
    holders = read_holders(row["role_holders"] or "[]")
    return ResponsePage(
        link=link,
        kind=row["kind"],
        number=row["number"],
        cohort=settings_with_contact(pair.cohort, holders, local_day(now, pair.cohort.time_zone)),
        person=pair.of(link.side),
        partner=pair.of(link.side.partner),
        goals=pair.goals,
        starts_on=pair.starts_on,
        ends_on=pair.ends_on,
        last_milestone_on=row["last_milestone_on"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        closes_on=row["closes_on"],
        answers=json.loads(row["answers"]) if row["answers"] else {},
        answered_at=row["answered_at"],
        outcome=row["outcome"],
        meeting_on=await _meeting_on(db, link, pair.cohort) if row["kind"] == MilestoneKind.MEETING else None,
        shared=_shared(link.side.partner, json.loads(row["partner_survey"] or "{}")),
        steps=tuple(step.at(now) for step in _STEPS.validate_json(row["steps"] or "[]")),
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
