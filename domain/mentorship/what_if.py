"""What a change would do, before it is made: the emails that it adds, moves and drops, and the new end."""

from datetime import datetime

from domain.calendar import local_day
from domain.mentorship.changes import apply_change, successor_terms
from domain.mentorship.forecast import forecast
from domain.mentorship.plan import plan
from domain.mentorship.progression import plan_of, sent_emails
from domain.mentorship.response_effects import request_resend
from schemas.enums import EmailKind, Outcome, Recipient
from schemas.mentorship.changes import Change, EndRequest, ReplaceRequest, ResendRequest
from schemas.mentorship.state import EmailRequest, Forecast, MentorshipState
from schemas.mentorship.what_if import ChangedEmail, MovedEmail, WhatIf

Line = tuple[Recipient, EmailKind, str, int]


def what_if(state: MentorshipState, change: Change | ReplaceRequest | ResendRequest, now: datetime) -> WhatIf:
    """Return what a change would do if it were made now and nobody replied; raises Refusal where it is refused."""
    if isinstance(change, ReplaceRequest):
        effect = _replaced(state, change, now)
    elif isinstance(change, ResendRequest):
        effect = _resent(state, change, now)
    else:
        effect = _changed(state, change, now)
    return effect.model_copy(update={"now": now})


def changed_emails(state: MentorshipState, now: datetime) -> tuple[ChangedEmail, ...]:
    """Return the emails to come that a plan by the rules of this release changes; none where the rules are the same.

    An email may leave at another time, ask for something else, come or go.
    """
    new_plan = plan(state.terms, now, sent_emails(state))
    before = {_line(email): email for email in forecast(state)}
    after = {_line(email): email for email in forecast(state.model_copy(update={"plan": new_plan}))}
    changed = (
        ChangedEmail(
            to=line[0],
            kind=line[1],
            asks=(after.get(line) or before[line]).asks,
            before=before[line].at if line in before else None,
            after=after[line].at if line in after else None,
        )
        for line in {**before, **after}
        if line not in before
        or line not in after
        or (before[line].at, before[line].asks) != (after[line].at, after[line].asks)
    )
    return tuple(sorted(changed, key=lambda email: (email.after or email.before or now, email.to, email.kind)))


def _changed(state: MentorshipState, change: Change, now: datetime) -> WhatIf:
    after = apply_change(state, change, now)
    new_plan = plan(after.terms, now, sent_emails(state))
    # The effect of a change is the difference between the forecasts before and after it (decision 10).
    before = {_line(email): email for email in forecast(state)}
    ahead = {_line(email): email for email in forecast(after.model_copy(update={"plan": new_plan}))}
    moved = [line for line in ahead if line in before and ahead[line].at != before[line].at]
    return WhatIf(
        ends_on_before=plan_of(state).ends_on,
        ends_on=new_plan.ends_on,
        added=(
            *_requested(state, after),
            *(email for line, email in ahead.items() if line not in before),
        ),
        moved=tuple(MovedEmail(email=ahead[line], before=before[line].at) for line in moved),
        dropped=tuple(email for line, email in before.items() if line not in ahead),
    )


def _replaced(state: MentorshipState, change: ReplaceRequest, now: datetime) -> WhatIf:
    terms = successor_terms(state, local_day(now, state.terms.time_zone))
    ending = EndRequest(outcome=Outcome.MENTOR_WITHDREW, reason=change.reason)
    would = _unchanged(state) if state.outcome else _changed(state, ending, now)
    follows = forecast(MentorshipState(terms=terms, plan=plan(terms, now)))
    return would.model_copy(update={"added": (*would.added, *follows)})


def _resent(state: MentorshipState, change: ResendRequest, now: datetime) -> WhatIf:
    again = _requested(state, request_resend(state, change.side, now))
    return _unchanged(state).model_copy(update={"added": again})


def _unchanged(state: MentorshipState) -> WhatIf:
    return WhatIf(ends_on_before=plan_of(state).ends_on, ends_on=plan_of(state).ends_on)


def _requested(before: MentorshipState, after: MentorshipState) -> tuple[Forecast, ...]:
    """Return the emails that a change requests at once."""
    return tuple(_forecast_now(request) for request in after.pending_emails if request not in before.pending_emails)


def _line(email: Forecast) -> Line:
    first = email.asks[0]
    return email.to, email.kind, first.milestone, first.occurrence


def _forecast_now(request: EmailRequest) -> Forecast:
    return Forecast(
        at=request.at,
        to=request.to,
        kind=request.kind,
        asks=request.asks,
        why="reports the change right away",
        if_nobody_replies="nothing further",
    )
