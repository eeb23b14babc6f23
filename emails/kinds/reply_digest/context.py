"""Tells staff of the replies above the limit of those that are passed on, all in one email."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar

from pydantic import Field

from domain.calendar import local_day
from domain.safe_text import SafeLine
from emails.imap import NOT_PASSED_ON_FOLDER
from emails.kinds._base.email import EmailContext
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.incoming import RepliesInDigest
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind

# What was not passed on is deleted from the mailbox after 30 days.
READ_WITHIN = timedelta(days=7)
MOST_LINES = 100


class ReplyLine(FrozenModel):
    """How many replies came from one side of one scope."""

    writer: SafeLine
    count: int


class ReplyDigestEmail(EmailContext):
    """Tells staff of the replies above the limit: how many, from whom, and where their words are.

    ``others`` counts the replies of those for whom there is no line.
    """

    kind: ClassVar[EmailKind] = EmailKind.REPLY_DIGEST

    count: int = Field(ge=1)
    lines: tuple[ReplyLine, ...] = Field(min_length=1)
    others: int = 0
    folder: str = NOT_PASSED_ON_FOLDER
    by: date


def reply_digest(queued: QueuedEmail, cohort: CohortSettings, replies: Sequence[RepliesInDigest]) -> ReplyDigestEmail:
    """Return all that the email needs to know."""
    came_on = local_day(queued.at, cohort.time_zone)
    return ReplyDigestEmail(
        cohort=cohort,
        written_on=came_on,
        count=sum(each.count for each in replies),
        lines=tuple(ReplyLine(writer=_writer(each), count=each.count) for each in replies[:MOST_LINES]),
        others=sum(each.count for each in replies[MOST_LINES:]),
        by=came_on + READ_WITHIN,
    )


def _writer(replies: RepliesInDigest) -> str:
    who = f"the {replies.side} of" if replies.side else "someone else, about"
    return f"{who} {replies.scope_id}"
