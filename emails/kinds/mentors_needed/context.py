"""Asks people of earlier classes to mentor (A18, B2)."""

from datetime import date
from typing import ClassVar, Self

from domain.calendar import local_day
from domain.safe_text import SafeLine
from emails.kinds._base.applicant import Addressee, ApplicantEmail, apply_by, ends_on, is_open
from schemas.applications.applicant import MentorPlaces
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Side
from schemas.ids import occurrence_of


class AskedPersonFacts(FrozenModel):
    """What is known of somebody of an earlier cohort at the moment this one asks for mentors.

    ``was`` is the side they were on.
    """

    cohort: CohortSettings
    recipient: Addressee
    was: Side
    took_part_in: str
    came: bool
    places: MentorPlaces


class MentorsNeededEmail(ApplicantEmail):
    """Asks somebody who mentored before to do so again, or a former mentee who said they would one day (A18, B2).

    ``was`` is the side they were on in the class ``took_part_in``, ``missing`` are the places still needed, and
    ``stop_url`` is the page that stops these emails.
    """

    kind: ClassVar[EmailKind] = EmailKind.MENTORS_NEEDED
    takes_minutes: ClassVar[int] = 20

    was: Side
    took_part_in: SafeLine
    missing: int = 0
    ends_on: date
    stop_url: str

    @classmethod
    def to_asked_person(cls, queued: QueuedEmail, facts: AskedPersonFacts, url: str, stop_url: str) -> Self | None:
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
            was=facts.was,
            took_part_in=facts.took_part_in,
            missing=facts.places.missing,
            ends_on=ends_on(cohort),
            stop_url=stop_url,
        )
