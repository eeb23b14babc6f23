"""Samples of the agreement email."""

from emails.guidance import guidance
from emails.kinds._base.participant import MeetingAhead
from emails.kinds.agreement.context import AgreementEmail
from emails.samples import GOALS, SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, AgreementEmail]:
    """Return the emails by what they are."""
    return {
        "agreement to the mentor": AgreementEmail(
            **cast.to_mentor,
            asks=(cast.ask(MilestoneKind.AGREEMENT, 42), cast.ask(MilestoneKind.SELF_ASSESSMENT, 42)),
            goals=GOALS,
            guidance=(guidance("agreement"), guidance("stuck")),
        ),
        "agreement reminder to the mentor with a meeting beside it": AgreementEmail(
            **cast.to_mentor,
            asks=(cast.ask(MilestoneKind.AGREEMENT, 42), cast.ask(MilestoneKind.MEETING, 60)),
            occurrence=1,
            beside=cast.preparation,
            meeting_beside=MeetingAhead(day=cast.day(46), goals=GOALS),
        ),
        "agreement reminder to the mentee": AgreementEmail(
            **cast.to_mentee,
            asks=(cast.ask(MilestoneKind.AGREEMENT, 42),),
            goals=GOALS,
            guidance=(guidance("agreement"),),
            occurrence=2,
        ),
    }
