"""A note to staff about something that cannot wait."""

from typing import ClassVar, Literal, TypeAlias

from pydantic import computed_field

from domain.calendar import local_day
from domain.safe_text import SafePerson
from emails.kinds._base.email import EmailContext
from schemas.applications.applicant import MentorPlaces
from schemas.applications.people import Person
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Side, StaffReason
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
    StaffReason.ATTENDANCE_DUE,
    StaffReason.ATTENDANCE_UNCONFIRMED,
    StaffReason.NOT_STARTED,
    StaffReason.DRIFT_FOUND,
    StaffReason.REMINDERS_PAUSED,
]


class StaffNoteEmail(EmailContext):
    """Tells staff what needs them.

    ``scope_id`` is a mentorship's id, the cohort's where it is about all of it, or ``cohort/person`` of an applicant.
    ``about`` names the side concerned where it is one of the two; ``count`` is of how many a note about the cohort
    speaks, ``places`` what it says of places with mentors. ``url`` is the staff page where the same steps are.
    """

    kind: ClassVar[EmailKind] = EmailKind.STAFF_NOTE

    reason: NoteReason
    scope_id: str
    url: str
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


def staff_note(
    queued: QueuedEmail,
    cohort: CohortSettings,
    pair: MentorshipPair | None,
    site: str,
    *,
    count: int = 0,
    places: MentorPlaces | None = None,
) -> StaffNoteEmail:
    """Return all that a note to staff needs to know; ``pair`` where it is about a mentorship, ``site`` has the pages.

    Raises pydantic's ValidationError for a reason that is told in the digest only.
    """
    return StaffNoteEmail.model_validate(
        {
            "reason": queued.reason,
            "cohort": cohort,
            "written_on": local_day(queued.at, cohort.time_zone),
            "scope_id": queued.scope_id,
            "url": f"{site}/staff/mentorships/{pair.mentorship_id}" if pair else f"{site}/staff/classes/{cohort.id}",
            "mentor": pair.mentor if pair else None,
            "mentee": pair.mentee if pair else None,
            "about": queued.about,
            "count": count,
            "places": places,
        }
    )
