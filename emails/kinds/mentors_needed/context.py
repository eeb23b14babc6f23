"""Asks somebody who mentored before to do so again (B2); ``missing`` are the places still needed."""

from datetime import date
from typing import ClassVar, Self

from domain.calendar import local_day
from domain.safe_text import SafeLine
from emails.kinds._base.applicant import Addressee, ApplicantEmail, apply_by, ends_on, is_open
from schemas.applications.applicant import MentorPlaces
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind
from schemas.ids import occurrence_of


class PastMentorFacts(FrozenModel):
    """What is known of a mentor of an earlier cohort at the moment this one asks for mentors."""

    cohort: CohortSettings
    recipient: Addressee
    mentored_in: str
    came: bool
    places: MentorPlaces


class MentorsNeededEmail(ApplicantEmail):
    """Asks somebody who mentored before to do so again (B2).

    ``missing`` are the places still needed, ``stop_url`` is the page that stops these emails.
    """

    kind: ClassVar[EmailKind] = EmailKind.MENTORS_NEEDED
    takes_minutes: ClassVar[int] = 20

    mentored_in: SafeLine
    missing: int = 0
    ends_on: date
    stop_url: str

    @classmethod
    def to_past_mentor(cls, queued: QueuedEmail, facts: PastMentorFacts, url: str, stop_url: str) -> Self | None:
        """Return the email; None once they applied, or where no further application helps."""
        cohort, occurrence = facts.cohort, occurrence_of(queued.key)
        enough = occurrence and not facts.places.missing
        if facts.came or enough or not is_open(cohort, queued):
            return None
        return cls(
            cohort=cohort,
            written_on=local_day(queued.at, cohort.time_zone),
            recipient=facts.recipient,
            url=url,
            by=apply_by(cohort),
            minutes=cls.takes_minutes,
            occurrence=occurrence,
            mentored_in=facts.mentored_in,
            missing=facts.places.missing,
            ends_on=ends_on(cohort),
            stop_url=stop_url,
        )
