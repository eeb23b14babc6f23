"""The forecast of a mentorship: which emails it will still send if nobody replies, and why."""

from datetime import timedelta

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
    first = email.asks[0].occurrence == 0
    days_left = (milestone.closes_at - email.at) // timedelta(days=1)
    return Forecast(
        at=email.at,
        to=email.to,
        kind=email_kind(state, email),
        asks=email.asks,
        why=f"{milestone.id} opens" if first else f"{milestone.id} is not answered yet, {days_left} days are left",
        if_nobody_replies=_in_silence(milestone),
    )


def _in_silence(milestone: Milestone) -> str:
    if not milestone.asked:
        return "nothing is asked"
    if milestone.kind in (MilestoneKind.FIRST_CONTACT, MilestoneKind.AGREEMENT):
        return f"in the staff's weekly digest after {milestone.closes_on}"
    if milestone.kind is MilestoneKind.CHECK_IN:
        return f"unanswered on {milestone.closes_on}; in the staff's digest after two windows without a meeting"
    return f"unanswered on {milestone.closes_on}"
