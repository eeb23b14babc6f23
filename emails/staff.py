"""What staff are written: a note at once where something cannot wait, and a digest of the rest once a week."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import computed_field

from domain.safe_text import SafeLine, SafePerson
from schemas.applications.applicant import MentorPlaces
from schemas.applications.people import Person
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.digests import Digest
from schemas.emails.messages import SendEmail
from schemas.enums import Side, StaffReason
from schemas.mentorship.responses import MentorshipPair

NoteReason: TypeAlias = Literal[
    StaffReason.CALL_REQUESTED,
    StaffReason.UNDELIVERABLE,
    StaffReason.NOT_UNDERSTOOD,
    StaffReason.REPORT_READY,
    StaffReason.APPLICATIONS_CLOSED,
    StaffReason.INTAKE_INCOMPLETE,
    StaffReason.PROPOSAL_DECLINED,
    StaffReason.PROPOSALS_UNANSWERED,
    StaffReason.NOT_STARTED,
    StaffReason.DRIFT_FOUND,
]
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


class StaffNoteEmail(FrozenModel):
    """Tells staff what needs them.

    ``scope_id`` is a mentorship's id, the cohort's where it is about all of it, or ``cohort/person`` of an applicant.
    ``about`` names the side concerned where it is one of the two; ``count`` is of how many a note about the cohort
    speaks, ``places`` what it says of places with mentors.
    """

    cohort: CohortSettings
    reason: NoteReason
    scope_id: str
    mentor: SafePerson | None = None
    mentee: SafePerson | None = None
    about: Side | None = None
    count: int = 0
    places: MentorPlaces | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def kind_of_scope(self) -> str:
        """Return what the note is about, as one word."""
        if "/" in self.scope_id:
            return "Applicant"
        return "Mentorship" if self.mentor or self.mentee else "Cohort"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def concerned(self) -> Person | None:
        """Return the participant the note is about, if it is about one."""
        return {Side.MENTOR: self.mentor, Side.MENTEE: self.mentee}[self.about] if self.about else None


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


class StaffDigestEmail(FrozenModel):
    """Tells staff once a week what waits for them: counts first, then the mentorships and what to do."""

    cohort: CohortSettings
    by: date
    minutes: int
    mentorships: int
    lists: tuple[DigestList, ...]


def staff_note(
    order: SendEmail,
    cohort: CohortSettings,
    pair: MentorshipPair | None,
    *,
    count: int = 0,
    places: MentorPlaces | None = None,
) -> StaffNoteEmail:
    """Return all that a note to staff needs to know; ``pair`` where it is about a mentorship.

    Raises pydantic's ValidationError for a reason that is told in the digest only.
    """
    return StaffNoteEmail.model_validate(
        {
            "reason": order.reason,
            "cohort": cohort,
            "scope_id": order.scope_id,
            "mentor": pair.mentor if pair else None,
            "mentee": pair.mentee if pair else None,
            "about": order.about,
            "count": count,
            "places": places,
        }
    )


def staff_digest(order: SendEmail, cohort: CohortSettings, digest: Digest) -> StaffDigestEmail:
    """Return all that the weekly digest needs to know."""
    return StaffDigestEmail(
        cohort=cohort,
        by=order.at.astimezone(ZoneInfo(cohort.time_zone)).date() + DIGEST_READ_WITHIN,
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
