"""Which emails of a class leave until a day, if nobody replies and staff take no step."""

import asyncio
from datetime import UTC, datetime

import asyncpg
from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.cohort.state import CohortState
from schemas.enums import EmailKind, EmailState
from schemas.errors import MileError
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.email_forecast import forecast_emails
from services.mentorships.lookup import get_timeline
from storage import inspection, mentorships, outbox
from storage.database import Connection

# Workflows that are asked at the same time.
AT_ONCE = 8


class UpcomingEmail(FrozenModel):
    """An email to come: what it is about (a mentorship, a person or the class), to whom, and when (None: now)."""

    at: AwareDatetime | None
    about: str
    to: str
    kind: EmailKind


class UpcomingEmails(FrozenModel):
    """The emails to come, the first one first, and whose mentorships could not be asked."""

    emails: tuple[UpcomingEmail, ...]
    not_asked: tuple[str, ...]


async def upcoming_emails(context: ServiceContext, cohort: str, until: datetime) -> UpcomingEmails:
    """Return the emails of a class that wait in the outbox, that its campaigns and its mentorships will send."""
    # After its end, a mentorship still sends what asks how things have gone since.
    rows = await inspection.mentorship_rows(context.pool, cohort, datetime.now(UTC))
    pairs = await mentorships.partners_of(context.pool, [row.id for row in rows if row.started and row.goes_on])
    gate = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(*(_of_mentorship(context, pair, gate) for pair in pairs.values()))
    found = [*await _waiting(context.pool, cohort), *await _of_campaigns(context, cohort)]
    found += [email for answer in answers if answer for email in answer]
    return UpcomingEmails(
        emails=tuple(sorted((email for email in found if email.at is None or email.at <= until), key=_by_moment)),
        not_asked=tuple(sorted(id_ for id_, answer in zip(pairs, answers, strict=True) if answer is None)),
    )


async def _of_mentorship(
    context: ServiceContext, pair: MentorshipPair, gate: asyncio.Semaphore
) -> list[UpcomingEmail] | None:
    """Return the emails a mentorship will send, or None where its workflow does not answer."""
    async with gate:
        try:
            timeline = await get_timeline(context, pair)
        except MileError:
            return None
    return [
        UpcomingEmail(at=planned.at, about=pair.mentorship_id, to=planned.to, kind=planned.kind) for planned in timeline
    ]


async def _waiting(pool: asyncpg.Pool, cohort: str) -> list[UpcomingEmail]:
    waiting = {EmailState.QUEUED, EmailState.SENDING}
    rows = [row for row in await outbox.emails_of_cohort(pool, cohort) if row["state"] in waiting]
    return [
        UpcomingEmail(at=row["next_attempt_at"], about=row["scope_id"], to=row["recipient"], kind=row["kind"])
        for row in rows
    ]


async def _of_campaigns(context: ServiceContext, cohort: str) -> list[UpcomingEmail]:
    forecast = await forecast_emails(context, cohort, _no_step, ahead=True)
    return [UpcomingEmail(at=email.at, about=cohort, to=email.to, kind=email.kind) for email in forecast.emails]


async def _no_step(_: Connection, state: CohortState, __: datetime) -> CohortState:
    return state


def _by_moment(email: UpcomingEmail) -> tuple[bool, float, str, str]:
    return email.at is not None, email.at.timestamp() if email.at else 0.0, email.about, email.to
