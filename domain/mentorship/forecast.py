"""The forecast of a mentorship: which emails it will still send if nobody replies, and why."""

from datetime import timedelta

from domain.labels import label
from domain.mentorship.progression import complete_moment, email_kind, next_moment, plan_of
from schemas.enums import MilestoneKind
from schemas.mentorship.state import Forecast, MentorshipState, Milestone, PlannedEmail


def forecast(state: MentorshipState) -> list[Forecast]:
    """Return every email that a mentorship will still send if nobody replies, in order of sending."""
    forecasts: list[Forecast] = []
    # The workflow takes the same steps with the same functions, so the two cannot disagree.
    while moment := next_moment(state):
        forecasts += [_forecast(state, email) for email in moment.emails]
        state = complete_moment(state, moment)
    return forecasts


def _forecast(state: MentorshipState, email: PlannedEmail) -> Forecast:
    milestone = plan_of(state).milestone(email.asks[0].milestone)
    name = label(milestone.id)
    first = email.asks[0].occurrence == 0
    days_left = (milestone.closes_at - email.at) // timedelta(days=1)
    return Forecast(
        at=email.at,
        to=email.to,
        kind=email_kind(state, email),
        asks=email.asks,
        why=f"{name} opens" if first else f"no answer to {name} yet, {days_left} days left",
        if_nobody_replies=_in_silence(milestone),
    )


def _in_silence(milestone: Milestone) -> str:
    if not milestone.asked:
        return "no answer needed"
    if milestone.kind in (MilestoneKind.FIRST_CONTACT, MilestoneKind.AGREEMENT):
        return f"staff see it in the weekly digest after {milestone.closes_on}"
    if milestone.kind is MilestoneKind.CHECK_IN:
        return f"closes on {milestone.closes_on}; staff see it after two check-ins without a meeting"
    return f"closes on {milestone.closes_on}"
