"""Samples of the mentors needed email."""

from emails.kinds.mentors_needed.context import MentorsNeededEmail
from emails.samples import SITE, TOKEN, SampleCast
from schemas.enums import Side


def samples(cast: SampleCast) -> dict[str, MentorsNeededEmail]:
    """Return the emails by what they are."""
    return {
        **{
            f"mentors needed, {missing} places{'' if was is Side.MENTOR else ', former mentee'}": MentorsNeededEmail(
                **cast.to_mentor_before | {"url": f"{SITE}/apply/{cast.cohort.id}"},
                by=cast.day(-71),
                minutes=20,
                was=was,
                took_part_in="2017 Mentorship Program",
                missing=missing,
                ends_on=cast.ends_on,
                stop_url=f"{SITE}/u/{TOKEN}/asks",
            )
            for missing, was in ((0, Side.MENTOR), (3, Side.MENTOR), (0, Side.MENTEE))
        },
    }
