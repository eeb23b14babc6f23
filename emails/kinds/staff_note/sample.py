"""Samples of the note to staff."""

from typing import Any, get_args

from emails.kinds.staff_note.context import NoteReason, StaffNoteEmail
from emails.samples import MENTEE, MENTOR, SITE, SampleCast
from schemas.applications.applicant import MentorPlaces
from schemas.enums import Side, StaffReason
from schemas.ids import applicant_scope, mentorship_id

PLACES = MentorPlaces(mentor_places=11, mentees=12)
ABOUT_A_MENTORSHIP = {
    StaffReason.CALL_REQUESTED: Side.MENTEE,
    StaffReason.UNDELIVERABLE: Side.MENTOR,
    StaffReason.NOT_UNDERSTOOD: None,
    StaffReason.REMINDERS_PAUSED: Side.MENTEE,
}


def samples(cast: SampleCast) -> dict[str, StaffNoteEmail]:
    """Return the emails by what they are."""
    refused = StaffNoteEmail(
        cohort=cast.cohort,
        scope_id=applicant_scope(cast.cohort.id, "A014"),
        url=f"{SITE}/staff/classes/{cast.cohort.id}",
        reason=StaffReason.UNDELIVERABLE,
        about=Side.MENTOR,
    )
    notes = {f"note: {reason}": _note(cast, reason, number) for number, reason in enumerate(get_args(NoteReason))}
    return notes | {"note: address of an applicant refuses": refused}


def _note(cast: SampleCast, reason: StaffReason, number: int) -> StaffNoteEmail:
    url = f"{SITE}/staff/classes/{cast.cohort.id}"
    details: dict[str, Any] = {"scope_id": cast.cohort.id, "url": url, "count": number, "places": PLACES}
    if reason in ABOUT_A_MENTORSHIP:
        scope = mentorship_id(cast.cohort.id, 7)
        url = f"{SITE}/staff/mentorships/{scope}"
        about = ABOUT_A_MENTORSHIP[reason]
        details = {"scope_id": scope, "url": url, "mentor": MENTOR, "mentee": MENTEE, "about": about}
    return StaffNoteEmail.model_validate({"cohort": cast.cohort, "reason": reason} | details)
