"""Samples of the farewell email."""

from emails.kinds.farewell.context import FarewellEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind, Outcome


def samples(cast: SampleCast) -> dict[str, FarewellEmail]:
    """Return the emails by what they are."""
    return {
        "farewell after the whole time": FarewellEmail(
            **cast.to_mentor,
            over=True,
            asks=(cast.ask(MilestoneKind.FAREWELL, 580), cast.ask(MilestoneKind.CLOSURE_SURVEY, 571)),
            outcome=Outcome.COMPLETED,
            follow_ups=(cast.day(642), cast.day(731)),
        ),
        "farewell to the mentee after the whole time": FarewellEmail(
            **cast.to_mentee,
            over=True,
            asks=(cast.ask(MilestoneKind.FAREWELL, 580), cast.ask(MilestoneKind.CLOSURE_SURVEY, 571)),
            outcome=Outcome.COMPLETED,
        ),
        "farewell that calls off a meeting": FarewellEmail(
            **cast.to_mentor,
            over=True,
            asks=(cast.ask(MilestoneKind.FAREWELL, 580), cast.ask(MilestoneKind.CLOSURE_SURVEY, 571)),
            outcome=Outcome.ENDED_EARLY,
            calls_off=True,
        ),
        "farewell to a mentee with another mentor": FarewellEmail(
            **cast.to_mentee,
            over=True,
            asks=(cast.ask(MilestoneKind.FAREWELL, 580), cast.ask(MilestoneKind.CLOSURE_SURVEY, 571)),
            outcome=Outcome.MENTOR_WITHDREW,
            replaced=True,
        ),
        **{
            f"farewell to the {to['recipient'].side}: {outcome}": FarewellEmail(
                **to,
                over=True,
                asks=(cast.ask(MilestoneKind.FAREWELL, 580), cast.ask(MilestoneKind.CLOSURE_SURVEY, 571)),
                outcome=outcome,
            )
            for outcome in (Outcome.ENDED_EARLY, Outcome.MENTOR_WITHDREW, Outcome.MENTEE_WITHDREW)
            for to in (cast.to_mentor, cast.to_mentee)
        },
    }
