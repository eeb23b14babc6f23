"""Samples of the email with all questions above the limit."""

from emails.kinds.inquiry_digest.context import InquiryDigestEmail, InquiryInDigest
from emails.samples import SampleCast


def samples(cast: SampleCast) -> dict[str, InquiryDigestEmail]:
    """Return the emails by what they are."""
    first = InquiryInDigest(
        name="Odalys Fernholm",
        email="odalys.fernholm@example.org",
        lines=("I work half time.", "", "Could I be a mentor <all the same>?"),
    )
    second = InquiryInDigest(email="nils.dahl@example.org", lines=("How much time does it take?",))
    return {
        f"inquiry digest, {len(inquiries)}": InquiryDigestEmail(
            cohort=cast.cohort, written_on=cast.day(-122), inquiries=inquiries, by=cast.day(-115)
        )
        for inquiries in ((first,), (first, second))
    }
