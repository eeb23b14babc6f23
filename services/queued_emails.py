"""Emails on their way, and staff's steps with those that do not leave."""

from datetime import UTC, datetime
from enum import StrEnum

from domain.labels import label
from schemas.actor import Actor
from schemas.emails.incoming import SoftBounced
from schemas.emails.messages import StuckEmail
from schemas.enums import EmailKind, EmailState, Recipient
from schemas.errors import Refusal
from schemas.preview import Preview, PreviewedEmail, StepResult
from services.context import ServiceContext
from storage import bounces, cohorts, outbox
from storage.database import transaction


class EmailStep(StrEnum):
    """What staff can do with an email that has not left."""

    RETRY = "retry"  # try again now, from the beginning
    DROP = "drop"  # never send it
    HOLD = "hold"  # do not send it until it is released
    RELEASE = "release"  # send what was held


_WAITING = (EmailState.QUEUED, EmailState.DEAD, EmailState.UNDELIVERABLE)
_STARTS_FROM: dict[EmailStep, tuple[EmailState, ...]] = {
    EmailStep.RETRY: _WAITING,
    EmailStep.DROP: (*_WAITING, EmailState.HELD),
    EmailStep.HOLD: (EmailState.QUEUED,),
    EmailStep.RELEASE: (EmailState.HELD,),
}
_LEADS_TO = {
    EmailStep.RETRY: EmailState.QUEUED,
    EmailStep.DROP: EmailState.DROPPED,
    EmailStep.HOLD: EmailState.HELD,
    EmailStep.RELEASE: EmailState.QUEUED,
}
_CHANGES = {
    EmailStep.RETRY: "The email leaves now.",
    EmailStep.DROP: "The email is never sent.",
    EmailStep.HOLD: "The email waits until it is released.",
    EmailStep.RELEASE: "The email leaves now.",
}
_WAYS_BACK = {
    EmailStep.HOLD: "release it",
    EmailStep.RETRY: "hold it, until it has left",
    EmailStep.RELEASE: "hold it again, until it has left",
}


class EmailStepResult(StepResult):
    """What a step did with an email: its state before and after."""

    key: str
    before: EmailState
    after: EmailState


class CampaignStepResult(StepResult):
    """What a step did with all emails of a kind of a class: how many they are."""

    cohort: str
    kind: EmailKind
    emails: int


def steps_from(state: EmailState) -> tuple[EmailStep, ...]:
    """Return the steps that can be taken with an email in a state."""
    return tuple(step for step, states in _STARTS_FROM.items() if state in states)


async def emails_by_kind(context: ServiceContext, cohort: str, step: EmailStep) -> dict[EmailKind, int]:
    """Return with how many emails of each kind a step can be taken, without the kinds with none."""
    found = {
        kind: sum(states.get(state, 0) for state in _STARTS_FROM[step])
        for kind, states in (await outbox.counts(context.pool, cohort)).items()
    }
    return {kind: emails for kind, emails in found.items() if emails}


async def list_stuck(context: ServiceContext) -> tuple[StuckEmail, ...]:
    """Return the emails that failed for an hour, waited for a day or were given up, most urgent first."""
    return await outbox.stuck_emails(context.pool)


async def list_held(context: ServiceContext) -> tuple[StuckEmail, ...]:
    """Return the emails that wait until they are released, in the order in which they would leave."""
    return await outbox.held_emails(context.pool)


async def list_soft_bounced(context: ServiceContext) -> tuple[SoftBounced, ...]:
    """Return whose address failed within a week, and may fail for good."""
    return await bounces.soft_bounced(context.pool)


async def show(context: ServiceContext, key: str) -> StuckEmail:
    """Return one email as it stands in the outbox; raises Refusal where there is none of this key."""
    email = await outbox.email(context.pool, key)
    if email is None:
        raise Refusal(f"No email has the key {key}. See the list of those that do not leave.")
    return email


async def preview_step(context: ServiceContext, key: str, step: EmailStep) -> EmailStepResult:
    """Return what a step would do; raises Refusal as the step does."""
    email = await show(context, key)
    before = email.state
    if before not in _STARTS_FROM[step]:
        raise Refusal(f"The email {key} is {before}: it cannot be {_PARTICIPLES[step]}.")
    leaves = _LEADS_TO[step] is EmailState.QUEUED
    if leaves:
        await _check_not_archived(context, await outbox.cohort_of(context.pool, key))
    emails = (await _previewed(context, email),) if leaves else ()
    preview = Preview(changes=(_CHANGES[step],), emails=emails, way_back=_WAYS_BACK.get(step))
    if leaves and _is_leaving(email):
        preview = Preview()
    return EmailStepResult(key=key, before=before, after=_LEADS_TO[step], done=False, preview=preview)


async def take_step(context: ServiceContext, actor: Actor, key: str, step: EmailStep, *, note: str) -> EmailStepResult:
    """Take a step with an email that has not left; the note says why in the audit log.

    Raises Refusal where there is no such email, where it has left, or where a sender is at it at this moment.
    """
    async with transaction(context.pool) as db:
        previewed = await preview_step(context, key, step)
        cohort = await outbox.cohort_of(db, key)
        if not await outbox.change_state(db, key, _LEADS_TO[step], before=_STARTS_FROM[step]):
            raise Refusal(f"The email {key} is being sent at this moment. Look again in a minute.")
        await context.audit_in(
            db, actor, f"email_{_PARTICIPLES[step]}", cohort, key=key, before=previewed.before, note=note
        )
    return previewed.model_copy(update={"done": True, "preview": None})


async def preview_campaign_step(
    context: ServiceContext, cohort: str, kind: EmailKind, step: EmailStep
) -> CampaignStepResult:
    """Return what holding or releasing all emails of a kind would do; raises Refusal where there are none."""
    emails = (await emails_by_kind(context, cohort, step)).get(kind)
    if not emails:
        raise Refusal(f"No email “{label(kind)}” can be {_PARTICIPLES[step]} now.")
    return _campaign_result(cohort, kind, step, emails)


async def take_campaign_step(
    context: ServiceContext, actor: Actor, cohort: str, kind: EmailKind, step: EmailStep, *, note: str
) -> CampaignStepResult:
    """Hold all emails of a kind that wait to leave, or release all that are held.

    Raises Refusal where there are none; one that a sender is at this moment leaves.
    """
    async with transaction(context.pool) as db:
        emails = await outbox.change_states(db, cohort, kind, _LEADS_TO[step], before=_STARTS_FROM[step])
        if not emails:
            raise Refusal(f"No email “{label(kind)}” can be {_PARTICIPLES[step]} now.")
        await context.audit_in(
            db, actor, f"emails_{_PARTICIPLES[step]}", cohort, kind=kind.value, emails=emails, note=note
        )
    return _campaign_result(cohort, kind, step, emails).model_copy(update={"done": True, "preview": None})


async def _check_not_archived(context: ServiceContext, cohort: str) -> None:
    if await cohorts.is_archived(context.pool, cohort):
        raise Refusal(f"{cohort} is archived: no email about it leaves any more.")


def _campaign_result(cohort: str, kind: EmailKind, step: EmailStep, emails: int) -> CampaignStepResult:
    counted = f"1 email “{label(kind)}”" if emails == 1 else f"{emails} emails “{label(kind)}”"
    verb = "waits" if emails == 1 else "wait"
    leaves = "leaves" if emails == 1 else "leave"
    if step is EmailStep.HOLD:
        later = "What is enqueued later leaves as planned."
        preview = Preview(changes=(f"{counted} {verb} until you release {'it' if emails == 1 else 'them'}.", later))
        way_back = "release them"
    else:
        preview, way_back = Preview(changes=(f"{counted} {leaves} now.",)), "hold them again, until they have left"
    preview = preview.model_copy(update={"way_back": way_back})
    return CampaignStepResult(cohort=cohort, kind=kind, emails=emails, done=False, preview=preview)


def _is_leaving(email: StuckEmail) -> bool:
    """Tell whether a sender takes the email next anyway."""
    due_at = email.next_attempt_at
    return email.state is EmailState.QUEUED and due_at is not None and due_at <= datetime.now(UTC)


async def _previewed(context: ServiceContext, email: StuckEmail) -> PreviewedEmail:
    _, _, person = (await outbox.scope_of(context.pool, email.key)).partition("/")
    recipient = Recipient(email.recipient)
    return PreviewedEmail(to=person or recipient, kind=EmailKind(email.kind), side=recipient)


_PARTICIPLES = {
    EmailStep.RETRY: "retried",
    EmailStep.DROP: "dropped",
    EmailStep.HOLD: "held",
    EmailStep.RELEASE: "released",
}
