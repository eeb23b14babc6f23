"""Samples of the sign-in email."""

from emails.kinds.sign_in.context import SignInEmail
from emails.samples import SampleCast


def samples(cast: SampleCast) -> dict[str, SignInEmail]:
    """Return the emails by what they are."""
    url = f"https://mile.example.org/staff/sign-in/{'a' * 26}"
    return {"sign in": SignInEmail(cohort=cast.cohort, url=url, minutes=15)}
