"""Samples of the email about all replies above the limit."""

from emails.kinds.reply_digest.context import ReplyDigestEmail, ReplyLine
from emails.samples import SampleCast


def samples(cast: SampleCast) -> dict[str, ReplyDigestEmail]:
    """Return the emails by what they are."""
    one = ReplyLine(writer="someone else, about mile-2019/M03", count=1)
    many = ReplyLine(writer="the mentee of mile-2019-007", count=240)
    shared = {"cohort": cast.cohort, "written_on": cast.day(60), "by": cast.day(67)}
    return {
        "reply digest, 1": ReplyDigestEmail(count=1, lines=(one,), **shared),
        "reply digest, many": ReplyDigestEmail(count=260, lines=(many, one), others=19, **shared),
    }
