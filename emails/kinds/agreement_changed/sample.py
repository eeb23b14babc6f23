"""Samples of the agreement changed email."""

from emails.kinds.agreement_changed.context import AgreementChangedEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, AgreementChangedEmail]:
    """Return the emails by what they are."""
    return {
        "agreement changed": AgreementChangedEmail(**cast.to_mentor, asks=(cast.ask(MilestoneKind.AGREEMENT, 42),)),
        "agreement changed, to the mentee": AgreementChangedEmail(
            **cast.to_mentee, asks=(cast.ask(MilestoneKind.AGREEMENT, 42),)
        ),
    }
