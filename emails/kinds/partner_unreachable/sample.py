"""Samples of the partner unreachable email."""

from emails.kinds.partner_unreachable.context import PartnerUnreachableEmail
from emails.samples import SampleCast


def samples(cast: SampleCast) -> dict[str, PartnerUnreachableEmail]:
    """Return the emails by what they are."""
    return {
        "partner unreachable": PartnerUnreachableEmail(**cast.to_mentee, by=cast.day(84)),
        "partner unreachable, to the mentor": PartnerUnreachableEmail(**cast.to_mentor, by=cast.day(84)),
    }
