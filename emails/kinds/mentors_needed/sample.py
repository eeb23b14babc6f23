"""Samples of the mentors needed email."""

from emails.kinds.mentors_needed.context import MentorsNeededEmail
from emails.samples import SITE, TOKEN, SampleCast


def samples(cast: SampleCast) -> dict[str, MentorsNeededEmail]:
    """Return the emails by what they are."""
    return {
        **{
            f"mentors needed, {missing} places": MentorsNeededEmail(
                **cast.to_mentor_before | {"url": f"{SITE}/apply/{cast.cohort.id}"},
                by=cast.day(-71),
                minutes=20,
                mentored_in="2017 Mentorship Program",
                missing=missing,
                ends_on=cast.ends_on,
                stop_url=f"{SITE}/u/{TOKEN}/asks",
            )
            for missing in (0, 3)
        },
    }
