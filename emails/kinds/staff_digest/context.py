"""The weekly digest for staff."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar

from domain.calendar import local_day
from domain.safe_text import SafeLine
from emails.kinds._base.email import EmailContext
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.digests import Digest
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Side, StaffReason

DIGEST_READ_WITHIN = timedelta(days=4)
MINUTES_A_MENTORSHIP = 5
# The most pressing first.
ORDER_OF_CONCERNS = (
    StaffReason.CALL_REQUESTED,
    StaffReason.UNDELIVERABLE,
    StaffReason.NOT_UNDERSTOOD,
    StaffReason.NO_FIRST_CONTACT,
    StaffReason.NO_AGREEMENT,
    StaffReason.SILENT,
)


class DigestLine(FrozenModel):
    """One mentorship in a list of the digest."""

    mentorship_id: str
    mentor: SafeLine
    mentee: SafeLine
    since: date | None = None
    waits_for: Side | None = None


class DigestList(FrozenModel):
    """The mentorships for which staff can do the same thing; ``reason`` is None for agreements waiting for one side."""

    reason: StaffReason | None
    lines: tuple[DigestLine, ...]


class StaffDigestEmail(EmailContext):
    """Tells staff once a week what waits for them: counts first, then the mentorships and what to do."""

    kind: ClassVar[EmailKind] = EmailKind.STAFF_DIGEST

    by: date
    minutes: int
    mentorships: int
    lists: tuple[DigestList, ...]


def staff_digest(queued: QueuedEmail, cohort: CohortSettings, digest: Digest) -> StaffDigestEmail:
    """Return all that the weekly digest needs to know."""
    return StaffDigestEmail(
        cohort=cohort,
        written_on=local_day(queued.at, cohort.time_zone),
        by=local_day(queued.at, cohort.time_zone) + DIGEST_READ_WITHIN,
        minutes=MINUTES_A_MENTORSHIP * digest.mentorships,
        mentorships=digest.mentorships,
        lists=tuple(_lists(digest)),
    )


def _lists(digest: Digest) -> Iterator[DigestList]:
    for reason in ORDER_OF_CONCERNS:
        lines = tuple(
            DigestLine(**noted.model_dump(exclude={"reason"})) for noted in digest.concerns if noted.reason is reason
        )
        if lines:
            yield DigestList(reason=reason, lines=lines)
    if digest.agreements:
        yield DigestList(reason=None, lines=tuple(DigestLine(**noted.model_dump()) for noted in digest.agreements))
