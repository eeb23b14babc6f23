"""Proposed matches for staff: listed, made final, declined on somebody's behalf (A23)."""

from datetime import datetime
from enum import StrEnum

import structlog
from pydantic import AwareDatetime, Field

from domain.matching.proposals import proposal_deadline
from schemas.actor import Actor
from schemas.applications.applicant import ProposalAnswer
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.enums import Commitment, DeclineReason, Side
from schemas.errors import TemporalUnavailable
from schemas.matching.proposals import ProposedMatch
from schemas.preview import Preview, StepResult
from services.cohort_workflows import check_running
from services.context import ServiceContext
from services.email_forecast import forecast_emails
from services.matching import NamePerson
from services.signals import signal_proposal_answered
from storage import cohorts, kickoff, proposal_answers, proposals
from storage.database import Connection, transaction

_log = structlog.get_logger(__name__)


class ProposalStatus(StrEnum):
    """The status of a proposal."""

    FINAL = "final"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    ASKED = "asked"
    WAITING = "waiting"


class SideDetails(FrozenModel):
    """What one side said; ``question`` is addressed to staff."""

    person: str
    commitment: Commitment | None
    at: AwareDatetime | None
    reason: DeclineReason | None
    question: str
    took_back_application: bool


class ProposalDetails(FrozenModel):
    """One proposed match and what became of it."""

    mentee: SideDetails
    mentor: SideDetails
    run: int
    status: ProposalStatus
    proposed_at: AwareDatetime
    answer_by: AwareDatetime


class ProposalList(FrozenModel):
    """All proposals of a cohort, those withdrawn too; ``names``, by person's id, never enter the JSON."""

    cohort: str
    asks: bool
    proposals: tuple[ProposalDetails, ...]
    names: dict[str, str] = Field(exclude=True)
    time_zone: str


class ProposalChanged(StepResult):
    """The status of a proposal before and after a step; ``changed`` is false where it was so already."""

    cohort: str
    mentee: str
    mentor: str
    changed: bool
    before: ProposalStatus
    after: ProposalStatus

    def describe(self, name: NamePerson = str) -> str:
        """Say what becomes of the proposal."""
        pair = f"{name(self.mentor)} with {name(self.mentee)}"
        if not self.changed:
            return f"{pair} is already {self.after}. Nothing was changed."
        return f"{pair} {'is' if self.done else 'would be'} {self.after}; was {self.before}."


class ProposalSide(FrozenModel):
    """One side of a proposed pair."""

    mentor: str
    mentee: str
    side: Side

    @property
    def person(self) -> str:
        """Return the id of whoever is meant."""
        return self.mentor if self.side is Side.MENTOR else self.mentee

    @property
    def partner(self) -> str:
        """Return the id of the other one."""
        return self.mentee if self.side is Side.MENTOR else self.mentor


class ProposalDecline(ProposalSide):
    """Which side of which pair declines, for a reason that the partner never learns."""

    reason: DeclineReason = DeclineReason.WITHOUT_SAYING


async def list_proposals(context: ServiceContext, cohort: str) -> ProposalList:
    """Return every proposal of a cohort and who has answered what; raises UnknownCohort."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    return ProposalList(
        cohort=cohort,
        asks=settings.proposals is not None,
        proposals=tuple(proposal_details(match, settings) for match in await proposals.proposals(context.pool, cohort)),
        names={guest.person.id: guest.person.name for guest in await kickoff.guests(context.pool, cohort)},
        time_zone=settings.time_zone,
    )


async def preview_confirm(
    context: ServiceContext, cohort: str, mentor: str, mentee: str, name: NamePerson = str
) -> ProposalChanged:
    """Return what making a match final would change; raises as ``confirm`` does."""
    match = await _confirmable(context, cohort, mentor, mentee)
    result = _result(cohort, match, ProposalStatus.FINAL, changed=not match.final, done=False)
    if not result.changed:
        return result.model_copy(update={"preview": Preview()})

    async def step(db: Connection, state: CohortState, now: datetime) -> CohortState:
        await proposal_answers.confirm(db, cohort, mentor, mentee, now)
        return state.model_copy(update={"answers_received": state.answers_received + 1})

    emails = await forecast_emails(context, cohort, step)
    way_back = "decline it for one of the two, until the mentorships begin"
    return result.model_copy(update={"preview": emails.preview(result.describe(name), way_back=way_back)})


async def confirm(
    context: ServiceContext, actor: Actor, cohort: str, mentor: str, mentee: str, *, note: str
) -> ProposalChanged:
    """Make a match final on behalf of both, who told staff that they commit; both get an email.

    Raises UnknownCohort, or Refusal where the pair is not proposed, somebody of it took back their application, or the
    cohort is over.
    """
    match = await _confirmable(context, cohort, mentor, mentee)
    before = proposal_status(match)
    async with transaction(context.pool) as db:
        changed = await proposal_answers.confirm(db, cohort, mentor, mentee, context.now(cohort))
        if changed:
            pair = {"mentor": mentor, "mentee": mentee}
            await context.audit_in(db, actor, "proposal_confirmed", cohort, **pair, before=before, note=note)
    if changed:
        await _signal(context, cohort)
    return _result(cohort, match, ProposalStatus.FINAL, changed=changed, done=True)


async def preview_decline(
    context: ServiceContext, cohort: str, decline: ProposalDecline, name: NamePerson = str
) -> ProposalChanged:
    """Return what declining a match on somebody's behalf would change; raises as ``decline_for`` does."""
    match = await _declinable(context, cohort, decline)
    answer = match.of(decline.side)
    # The same answer again changes nothing; another reason is kept, though the match stays declined.
    changed = match.confirmed_at is not None or (answer.commitment, answer.reason, answer.question) != (
        Commitment.DECLINED,
        decline.reason,
        "",
    )
    result = _result(cohort, match, ProposalStatus.DECLINED, changed=changed, done=False)
    if not changed:
        return result.model_copy(update={"preview": Preview()})

    async def step(db: Connection, state: CohortState, now: datetime) -> CohortState:
        answer = ProposalAnswer(commitment=Commitment.DECLINED, reason=decline.reason)
        await proposal_answers.decline_for(db, cohort, decline.person, decline.partner, answer=answer, now=now)
        return state.model_copy(update={"answers_received": state.answers_received + 1})

    sentences = (result.describe(name), "We would make a new draft without this pair.")
    emails = await forecast_emails(context, cohort, step)
    preview = emails.preview(*sentences, way_back="make it final after all")
    return result.model_copy(update={"preview": preview})


async def decline_for(
    context: ServiceContext, actor: Actor, cohort: str, decline: ProposalDecline, *, note: str
) -> ProposalChanged:
    """Decline a match for somebody who told staff so, also one that is final, until the mentorships begin.

    Raises UnknownCohort, or Refusal where the pair is not proposed, its mentorship has begun, or the cohort is over.
    """
    match = await _declinable(context, cohort, decline)
    answer = ProposalAnswer(commitment=Commitment.DECLINED, reason=decline.reason)
    async with transaction(context.pool) as db:
        saved = await proposal_answers.decline_for(
            db, cohort, decline.person, decline.partner, answer=answer, now=context.now(cohort)
        )
        if saved.changed:
            details = {"mentor": decline.mentor, "mentee": decline.mentee, "side": decline.side}
            await context.audit_in(db, actor, "proposal_declined", cohort, **details, note=note)
    if saved.changed:
        await _signal(context, cohort)
    return _result(cohort, match, ProposalStatus.DECLINED, changed=saved.changed, done=True)


async def _signal(context: ServiceContext, cohort: str) -> None:
    try:
        await signal_proposal_answered(context.pool, context.client, cohort)
    # What staff said is stored, and this command would say that nothing was done.
    except TemporalUnavailable:
        _log.warning("proposal_answer_left_to_the_sweeper", cohort=cohort)


def proposal_status(match: ProposedMatch) -> ProposalStatus:
    """Return the status of a proposal."""
    if match.withdrawn_at:
        return ProposalStatus.WITHDRAWN
    if match.final:
        return ProposalStatus.FINAL
    if match.declined or match.gone:
        return ProposalStatus.DECLINED
    asked = any(match.of(side).commitment is Commitment.ASKED for side in Side)
    return ProposalStatus.ASKED if asked else ProposalStatus.WAITING


def proposal_details(match: ProposedMatch, settings: CohortSettings) -> ProposalDetails:
    """Return a proposal as staff see it."""
    mentor, mentee = (
        SideDetails(person=person, took_back_application=side in match.gone, **match.of(side).model_dump())
        for side, person in ((Side.MENTOR, match.mentor_id), (Side.MENTEE, match.mentee_id))
    )
    return ProposalDetails(
        mentee=mentee,
        mentor=mentor,
        run=match.run,
        status=proposal_status(match),
        proposed_at=match.proposed_at,
        answer_by=proposal_deadline(settings, match.proposed_at),
    )


async def _confirmable(context: ServiceContext, cohort: str, mentor: str, mentee: str) -> ProposedMatch:
    match = await find_proposal(context, cohort, mentor, mentee)
    proposal_answers.check_confirmable(match)
    await check_running(context, cohort)
    return match


async def _declinable(context: ServiceContext, cohort: str, decline: ProposalDecline) -> ProposedMatch:
    match = await find_proposal(context, cohort, decline.mentor, decline.mentee)
    await proposal_answers.check_declinable(context.pool, cohort, match)
    await check_running(context, cohort)
    return match


async def find_proposal(context: ServiceContext, cohort: str, mentor: str, mentee: str) -> ProposedMatch:
    """Return the proposal of two people; raises UnknownCohort, or Refusal where they are not proposed to each other."""
    await cohorts.cohort_settings(context.pool, cohort)
    for match in await proposals.proposals(context.pool, cohort):
        if (match.mentor_id, match.mentee_id) == (mentor, mentee):
            return match
    raise proposal_answers.not_proposed(mentor, mentee)


def _result(cohort: str, match: ProposedMatch, after: ProposalStatus, *, changed: bool, done: bool) -> ProposalChanged:
    return ProposalChanged(
        cohort=cohort,
        mentee=match.mentee_id,
        mentor=match.mentor_id,
        done=done,
        changed=changed,
        before=proposal_status(match),
        after=after,
    )
