"""Pause, resume, extend or end a mentorship, or change its cadence: its workflow decides, and returns the effect."""

from datetime import date, datetime, timedelta

from domain.calendar import local_day
from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.enums import ChangeKind
from schemas.mentorship.changes import Change, ChangeResult, ReplaceRequest, ResendRequest, WhatIfRequest
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.what_if import WhatIf
from schemas.preview import Preview, PreviewedEmail
from services.context import ServiceContext
from services.mentorships.decisions import decide
from services.mentorships.lookup import get_progress, history_deleted, workflow_of
from services.workflow_calls import query_workflow

# Both participants get an email about an extension, an end and a replacement, which cannot be undone.
WAYS_BACK = {
    ChangeKind.PAUSE: "resume it",
    ChangeKind.RESUME: "pause it again",
    ChangeKind.CADENCE: "change it back",
    # Nothing but the email follows, and that was asked for.
    ChangeKind.RESEND: "nothing else changes, and an email stays sent",
}


class ChangePreview(FrozenModel):
    """What a change would do to the emails to come, as its workflow says, and the same as every preview says it."""

    effect: WhatIf
    preview: Preview


async def preview_change(services: ServiceContext, pair: MentorshipPair, change: Change) -> ChangePreview:
    """Return what a change would do; raises Refusal where it cannot be made."""
    return await preview_what_if(services, pair, WhatIfRequest(change=change))


async def make_change(
    services: ServiceContext, actor: Actor, pair: MentorshipPair, change: Change, *, note: str | None = None
) -> ChangePreview:
    """Make a change, tell both participants by email, and return the effect; raises Refusal where it cannot be made."""
    # Before the change, because afterwards the workflow cannot tell what the emails to come had been.
    previewed = await preview_change(services, pair, change)
    details = change.model_dump(mode="json", exclude={"kind", "decision"}, exclude_none=True)
    await decide(services, actor, pair.cohort.id, pair.mentorship_id, change, result=ChangeResult, **details, note=note)
    return previewed


async def tomorrow(services: ServiceContext, pair: MentorshipPair) -> date:
    """Return the first day on which a pause can begin, in the cohort's time zone and by the program's clock."""
    now = (await get_progress(services, pair)).now
    return local_day(now, pair.cohort.time_zone) + timedelta(days=1)


async def preview_what_if(services: ServiceContext, pair: MentorshipPair, request: WhatIfRequest) -> ChangePreview:
    """Return what a mentorship's workflow says a change would do; raises Refusal in the workflow's own words."""
    effect = await query_workflow(
        workflow_of(services, pair), "what_if", request, kind=WhatIf, absent=history_deleted(pair), may_decline=True
    )
    return ChangePreview(effect=effect, preview=_preview(pair, request.change, effect))


def _preview(pair: MentorshipPair, change: Change | ReplaceRequest | ResendRequest, effect: WhatIf) -> Preview:
    forecasts = [*effect.added, *(moved.email for moved in effect.moved)]
    way_back = WAYS_BACK.get(change.kind)
    return Preview(
        changes=(end_sentence(pair, effect),),
        emails=tuple(
            PreviewedEmail(to=email.to, side=email.to, kind=email.kind, at=_later(email.at, effect.now))
            for email in sorted(forecasts, key=lambda email: (email.at, email.to))
        ),
        way_back=way_back.format(id=pair.mentorship_id) if way_back else None,
        time_zone=pair.cohort.time_zone,
    )


def _later(at: datetime, now: datetime | None) -> datetime | None:
    return None if now and at <= now else at


def end_sentence(pair: MentorshipPair, effect: WhatIf, *, done: bool = False) -> str:
    """Return when a mentorship ends once a change is made, and that it would end then before."""
    instead = "as before" if effect.ends_on == effect.ends_on_before else f"instead of {effect.ends_on_before}"
    return f"{pair.mentorship_id} {'ends' if done else 'would end'} on {effect.ends_on}, {instead}."
