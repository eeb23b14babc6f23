"""Who would get which email when, if a step were taken now: the step and its emails are carried out and undone.

The cohort's workflow decides by the same rules (domain/cohort) and its campaigns find people by the same function, so
that a preview and what happens cannot differ.
"""

from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime

import asyncpg

from domain.calendar import leaves_at, office_moment
from domain.cohort.campaigns import (
    CORRECTED_WITHIN,
    are_answers_due,
    due_campaigns,
    invitation_to_repeat,
    next_campaign_at,
)
from domain.cohort.plan import awaits_attendance, cohort_plan, with_done, with_plan, with_run
from domain.cohort.skipped import skipped_sentences
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from schemas.base import FrozenModel
from schemas.cohort.campaigns import Campaign, CampaignCall, SkippedCampaign
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, StaffReason
from schemas.errors import MileError
from schemas.ids import email_key, mentorship_id, occurrence_of
from schemas.preview import Preview, PreviewedEmail
from services.campaign_emails import enqueue_campaign
from services.cohort_workflows import cohort_workflow, is_running, not_running
from services.context import ServiceContext
from services.workflow_calls import query_workflow
from storage import cohorts, kickoff, outbox, proposals
from storage.database import Connection, rolled_back

# Carries out a step at a moment in a transaction; returns the state in which it would leave the cohort's workflow.
Step = Callable[[Connection, CohortState, datetime], Awaitable[CohortState]]

UNKNOWN = "No worker answered, so we cannot say which emails this leads to."


class EmailForecast(FrozenModel):
    """The emails of a step, those that leave at once first, and sentences about what is left out."""

    emails: tuple[PreviewedEmail, ...] = ()
    left_out: tuple[str, ...] = ()
    time_zone: str | None = None

    def preview(self, *changes: str, way_back: str | None) -> Preview:
        """Return the preview of a step with these emails."""
        return Preview(changes=changes, way_back=way_back, **self.model_dump())


async def forecast_emails(
    context: ServiceContext,
    cohort: str,
    step: Step,
    *,
    state: CohortState | None = None,
    ahead: bool = False,
    without_worker: bool = False,
    follow: bool = True,
) -> EmailForecast:
    """Return the emails that a step would lead to, and with ``ahead`` those until the kickoff as things stand today.

    ``state`` is the cohort's own unless it is given. Where no worker answers, a step that can be taken
    ``without_worker`` has a sentence in their place; otherwise MileError is raised. With ``follow`` false the workflow
    learns nothing of the step.
    """
    try:
        state = state or await cohort_state(context, cohort)
    except MileError:
        if not without_worker:
            raise
        return EmailForecast(left_out=(UNKNOWN,))
    if state is None:
        return EmailForecast()
    now = context.now(cohort)
    async with rolled_back(context.pool) as db:
        before = {row["key"] for row in await outbox.emails_of_cohort(db, cohort)}
        state = await step(db, state, now)
        skipped = await _follow(db, cohort, state, now, ahead=ahead) if follow else ()
        settings = await cohorts.cohort_settings(db, cohort)
        rows = [row for row in await outbox.emails_of_cohort(db, cohort) if row["key"] not in before]
    emails = sorted((_previewed(row, settings, now) for row in rows), key=_by_moment)
    return EmailForecast(emails=tuple(emails), left_out=tuple(skipped_sentences(skipped)), time_zone=settings.time_zone)


async def cohort_state(context: ServiceContext, cohort: str) -> CohortState | None:
    """Return the state of a cohort's workflow, or None where it has none; raises MileError where no worker answers."""
    if not await is_running(context, cohort):
        return None
    handle = cohort_workflow(context, cohort)
    return await query_workflow(handle, "state", kind=CohortState, absent=not_running(cohort))


async def _follow(
    db: Connection, cohort: str, state: CohortState, now: datetime, *, ahead: bool
) -> tuple[SkippedCampaign, ...]:
    """Do what the workflow would do from now on; return the campaigns that it would leave out at once."""
    settings = await cohorts.cohort_settings(db, cohort)
    state = with_plan(state, cohort_plan(settings, state.published_at, now), now)
    dates = cohort_plan(settings, (), now).dates
    due = due_campaigns(state.campaigns, state.history, now)
    if are_answers_due(state, due):
        await _process_answers(db, state, now)
    state = await _run(db, cohort, with_done(state, *(one.campaign for one in due.skipped)), due.run, now)
    if state.published_run is not None and dates.kickoff_at <= now and not state.stage.started:
        await _begin(db, settings, state, now)
    while ahead and (moment := next_campaign_at(state.campaigns, state.campaigns_done)) and moment < dates.kickoff_at:
        later = due_campaigns(state.campaigns, state.history, moment)
        state = with_done(state, *(one.campaign for one in later.skipped))
        state = await _run(db, cohort, state, later.run, moment)
    return due.skipped


async def _begin(db: Connection, settings: CohortSettings, state: CohortState, now: datetime) -> None:
    """Start the mentorships as the workflow would: on kickoff day staff are asked first who was there."""
    if awaits_attendance(state, cohort_plan(settings, (), now).dates, now):
        await outbox.enqueue(db, _note(settings.id, StaffReason.ATTENDANCE_DUE, now))
    else:
        await enqueue_starts(db, settings, now)


async def _run(
    db: Connection, cohort: str, state: CohortState, campaigns: Collection[Campaign], now: datetime
) -> CohortState:
    for campaign in campaigns:
        await enqueue_campaign(db, CampaignCall(cohort_id=cohort, now=now, campaign=campaign))
        state = with_run(state, campaign, now)
    return state


async def _process_answers(db: Connection, state: CohortState, now: datetime) -> None:
    summary = await proposals.report_answers(db, state.cohort_id, now)
    if summary.declined or summary.asked:
        await outbox.enqueue(db, _note(state.cohort_id, StaffReason.PROPOSAL_DECLINED, now))
    if invitation := invitation_to_repeat(state.campaigns, state.history, now):
        await _run(db, state.cohort_id, state, [invitation], now)


async def enqueue_starts(db: Connection, settings: CohortSettings, now: datetime) -> None:
    """Enqueue the first emails of the mentorships that would start now, and the note about those that wait."""
    pairs = [pair for pair in await kickoff.published_pairs(db, settings.id) if not pair.has_mentorship]
    starting = [(pair.mentor_id, pair.mentee_id) for pair in pairs if pair.can_start]
    # Every pair has the same terms, so the moment of the first email is the same for all.
    first_at = min(email.at for email in plan(initial_terms(settings, mentorship_id(settings.id, 1)), now).emails)
    for ids in starting:
        for person, side in zip(ids, (Recipient.MENTOR, Recipient.MENTEE), strict=True):
            key = email_key(f"{settings.id}/{person}", EmailKind.WELCOME, "-".join(ids), side)
            await outbox.enqueue(
                db,
                QueuedEmail(
                    key=key, kind=EmailKind.WELCOME, scope_id=f"{settings.id}/{person}", to=side, at=first_at, now=now
                ),
            )
    if len(starting) < len(pairs):
        await outbox.enqueue(db, _note(settings.id, StaffReason.NOT_STARTED, now))


def _note(cohort: str, reason: StaffReason, now: datetime) -> QueuedEmail:
    key = email_key(cohort, EmailKind.STAFF_NOTE, f"{reason}-{now:%Y-%m-%dT%H:%M:%S.%f}", Recipient.STAFF)
    return QueuedEmail(
        key=key, kind=EmailKind.STAFF_NOTE, scope_id=cohort, to=Recipient.STAFF, at=now, now=now, reason=reason
    )


def _previewed(row: asyncpg.Record, settings: CohortSettings, now: datetime) -> PreviewedEmail:
    _, _, person = row["scope_id"].partition("/")
    requested = max(row["requested_at"], now)
    at = leaves_at(row["due_at"], requested, settings.time_zone, automatic=row["automatic"])
    return PreviewedEmail(
        to=person or row["recipient"],
        kind=row["kind"],
        at=at if at > now else None,
        soon=at <= office_moment(now + CORRECTED_WITHIN, settings.time_zone),
        side=row["recipient"],
        occurrence=occurrence_of(row["key"]),
        reason=row["reason"],
    )


def _by_moment(email: PreviewedEmail) -> tuple[datetime, str, str]:
    return email.at or datetime.min.replace(tzinfo=UTC), email.kind, email.to
