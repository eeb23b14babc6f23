"""Samples of the inquiry email."""

from emails.kinds.inquiry.context import InquiryEmail
from emails.samples import SampleCast


def samples(cast: SampleCast) -> dict[str, InquiryEmail]:
    """Return the emails by what they are."""
    return {
        **{
            f"inquiry {who}": InquiryEmail(
                cohort=cast.cohort,
                name=name,
                email="odalys.fernholm@example.org",
                lines=("I work half time.", "", "Could I be a mentor <all the same>?"),
                received_on=cast.day(-122),
                by=cast.day(-115),
            )
            for who, name in (("with a name", "Odalys Fernholm"), ("without a name", ""))
        },
    }
