"""Samples of the proposal email."""

from emails.kinds.proposal.context import ProposalEmail
from emails.samples import MENTEE, MENTOR, REASONS, SampleCast


def samples(cast: SampleCast) -> dict[str, ProposalEmail]:
    """Return the emails by what they are."""
    return {
        "proposal to the mentor": ProposalEmail(
            **cast.to_mentor_before,
            by=cast.day(-35),
            minutes=5,
            partner=MENTEE,
            shared=REASONS,
            intake=cast.intake,
            ends_on=cast.ends_on,
        ),
        "proposal reminder to the mentee": ProposalEmail(
            **cast.to_mentee_before, by=cast.day(138), minutes=5, partner=MENTOR, ends_on=cast.ends_on, occurrence=2
        ),
    }
