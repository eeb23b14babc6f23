"""Samples of the terms changed email."""

from emails.kinds.terms_changed.context import ComingDay, TermsChangedEmail
from emails.samples import SampleCast
from schemas.enums import ChangeKind, MilestoneKind


def samples(cast: SampleCast) -> dict[str, TermsChangedEmail]:
    """Return the emails by what they are."""
    return {
        "paused": TermsChangedEmail(
            **cast.to_mentee, change=ChangeKind.PAUSE, since=cast.day(241), goes_on=cast.day(305)
        ),
        "resumed, by a pair that began later": TermsChangedEmail(
            **cast.to_mentor, change=ChangeKind.RESUME, began_on=cast.day(157)
        ),
        "extended": TermsChangedEmail(**cast.to_mentee, change=ChangeKind.EXTEND),
        "another rhythm": TermsChangedEmail(
            **cast.to_mentee,
            change=ChangeKind.CADENCE,
            coming=(
                ComingDay(kind=MilestoneKind.MEETING, day=cast.day(137)),
                ComingDay(kind=MilestoneKind.GOAL_CHECK_IN, day=cast.day(184)),
            ),
        ),
    }
