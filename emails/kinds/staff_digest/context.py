"""The weekly digest for staff."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import ClassVar

from domain.calendar import local_day
from domain.safe_text import SafeLine
from emails.kinds._base.email import EmailContext
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.digests import Digest, DigestItem
from schemas.emails.messages import QueuedEmail
from schemas.enums import DigestNews, EmailKind, Side, StaffReason

DIGEST_READ_WITHIN = timedelta(days=4)
MINUTES_A_MENTORSHIP = 5


class DigestLine(FrozenModel):
    """One mentorship in a list of the digest.

    ``also`` are further concerns with the same cause, ``again`` says that the first was settled once and came back.
    """

    mentorship_id: str
    mentor: SafeLine
    mentee: SafeLine
    since: date | None = None
    lasting: str = ""
    again: bool = False
    waits_for: Side | None = None
    also: tuple[StaffReason, ...] = ()
    note: SafeLine = ""


class DigestList(FrozenModel):
    """The mentorships of which there is the same news, and for which staff can do the same thing."""

    news: DigestNews
    reason: StaffReason
    lines: tuple[DigestLine, ...]


class StaffDigestEmail(EmailContext):
    """Tells staff what is new, what got worse and what they wanted to look at again; the rest it only counts.

    ``url`` is the class's staff page, where the same steps are.
    """

    kind: ClassVar[EmailKind] = EmailKind.STAFF_DIGEST

    by: date
    minutes: int
    mentorships: int
    lists: tuple[DigestList, ...]
    url: str
    as_before: int = 0
    put_off: int = 0


def staff_digest(queued: QueuedEmail, cohort: CohortSettings, digest: Digest, site: str) -> StaffDigestEmail:
    """Return all that the weekly digest needs to know; ``site`` has the pages."""
    return StaffDigestEmail(
        cohort=cohort,
        written_on=local_day(queued.at, cohort.time_zone),
        by=local_day(queued.at, cohort.time_zone) + DIGEST_READ_WITHIN,
        minutes=MINUTES_A_MENTORSHIP * digest.mentorships,
        mentorships=digest.mentorships,
        lists=tuple(_lists(digest)),
        url=f"{site}/staff/classes/{cohort.id}",
        as_before=digest.as_before,
        put_off=digest.put_off,
    )


def _lists(digest: Digest) -> Iterator[DigestList]:
    for (news, reason), items in groupby(digest.items, key=lambda item: (item.news, item.concerns[0].reason)):
        yield DigestList(news=news, reason=reason, lines=tuple(map(_line, items)))


def _line(item: DigestItem) -> DigestLine:
    first, *others = item.concerns
    return DigestLine(
        mentorship_id=first.mentorship_id,
        mentor=first.mentor,
        mentee=first.mentee,
        since=first.since,
        lasting=item.lasting,
        again=first.raised_before,
        waits_for=next((each.waits_for for each in item.concerns if each.waits_for), None),
        also=tuple(other.reason for other in others),
        note=item.note,
    )
