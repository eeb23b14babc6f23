"""Samples of a message of staff."""

from emails.kinds.message.context import MessageEmail
from emails.samples import MENTEE, MENTOR, SampleCast, addressee

WORDS = """Please bring your goals to the next webinar, at **noon on Friday**. It takes an hour.

- Open it from [the page of the webinar](https://association.example.org/webinar).
- Ask [the chair](mailto:mentorship.chair@example.org) if you cannot come."""


def samples(cast: SampleCast) -> dict[str, MessageEmail]:
    """Return the emails by what they are."""
    said = {"cohort": cast.cohort, "topic": "A webinar on Friday", "words": WORDS}
    return {
        "to the mentor": MessageEmail(recipient=addressee(MENTOR), **said),
        "to the mentee": MessageEmail(recipient=addressee(MENTEE), **said),
    }
