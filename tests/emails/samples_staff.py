"""Every kind of email to staff."""

from datetime import date
from typing import Any

from emails.kinds import EmailContext
from emails.staff import DigestLine, DigestList, StaffDigestEmail, StaffNoteEmail
from schemas.applications.applicant import MentorPlaces
from schemas.enums import EmailKind, Side, StaffReason
from tests.emails.cast import AGREEMENT, COHORT, MENTEE, MENTOR
from tests.emails.samples_before_kickoff import INQUIRIES

MENTORSHIP: dict[str, Any] = {"cohort": COHORT, "scope_id": "mile-2019-007", "mentor": MENTOR, "mentee": MENTEE}
PAIR = DigestLine(mentorship_id="mile-2019-007", mentor=MENTOR.name, mentee=MENTEE.name)
DIGEST = StaffDigestEmail(
    cohort=COHORT,
    by=date(2019, 9, 6),
    minutes=10,
    mentorships=2,
    lists=(
        DigestList(reason=StaffReason.CALL_REQUESTED, lines=(PAIR,)),
        DigestList(reason=StaffReason.UNDELIVERABLE, lines=(PAIR.model_copy(update={"since": date(2019, 8, 30)}),)),
        DigestList(reason=StaffReason.NOT_UNDERSTOOD, lines=(PAIR,)),
        DigestList(reason=StaffReason.NO_FIRST_CONTACT, lines=(PAIR,)),
        DigestList(
            reason=StaffReason.NO_AGREEMENT,
            lines=(PAIR, PAIR.model_copy(update={"mentorship_id": "mile-2019-011", "since": AGREEMENT})),
        ),
        DigestList(reason=StaffReason.SILENT, lines=(PAIR,)),
        DigestList(reason=None, lines=(PAIR.model_copy(update={"waits_for": Side.MENTEE, "since": date(2019, 8, 1)}),)),
    ),
)
PLACES = MentorPlaces(mentor_places=11, mentees=12)
ABOUT_THE_COHORT = (
    StaffReason.APPLICATIONS_CLOSED,
    StaffReason.INTAKE_INCOMPLETE,
    StaffReason.PROPOSAL_DECLINED,
    StaffReason.PROPOSALS_UNANSWERED,
    StaffReason.NOT_STARTED,
    StaffReason.DRIFT_FOUND,
)
TO_STAFF: dict[str, tuple[EmailKind, EmailContext]] = {
    f"note to staff: {note.reason}": (EmailKind.STAFF_NOTE, note)
    for note in (
        StaffNoteEmail(**MENTORSHIP, reason=StaffReason.CALL_REQUESTED, about=Side.MENTEE),
        StaffNoteEmail(**MENTORSHIP, reason=StaffReason.UNDELIVERABLE, about=Side.MENTOR),
        StaffNoteEmail(**MENTORSHIP, reason=StaffReason.NOT_UNDERSTOOD),
        StaffNoteEmail(cohort=COHORT, scope_id="mile-2019", reason=StaffReason.REPORT_READY),
        *(
            StaffNoteEmail(
                cohort=COHORT,
                scope_id="mile-2019",
                reason=reason,
                count=count,
                places=MentorPlaces(mentor_places=11, mentees=12),
            )
            for count, reason in enumerate(ABOUT_THE_COHORT, start=1)
        ),
    )
} | {
    "digest to staff": (EmailKind.STAFF_DIGEST, DIGEST),
    "note to staff: address of an applicant refuses": (
        EmailKind.STAFF_NOTE,
        StaffNoteEmail(cohort=COHORT, scope_id="mile-2019/A014", reason=StaffReason.UNDELIVERABLE, about=Side.MENTOR),
    ),
    **INQUIRIES,
}
