"""Samples of the gratitude email."""

from emails.kinds.gratitude.context import GratitudeEmail
from emails.samples import WORDS, SampleCast


def samples(cast: SampleCast) -> dict[str, GratitudeEmail]:
    """Return the emails by what they are."""
    return {
        "gratitude": GratitudeEmail(**cast.to_mentor, lines=WORDS),
    }
