"""Builders of ids, in one place: an id never carries a name, an address or a free word."""

from datetime import UTC, datetime

from schemas.enums import Recipient, Side

COHORT_WORKFLOW = "CohortWorkflow"
MENTORSHIP_WORKFLOW = "MentorshipWorkflow"
SWEEPER_WORKFLOW = "SweeperWorkflow"
SWEEPER_SCHEDULE = "sweeper"
CALENDARS_WORKFLOW = "CalendarsWorkflow"
CALENDARS_SCHEDULE = "calendars"
AUDIT_SCHEDULE = "drift-audit"
AUDIT_WORKFLOW = "DriftAuditWorkflow"

# In place of a milestone's kind, in what a workflow is told of a meeting's date: no plan has such a milestone.
MEETING_DATE = "meeting_date"

# The prefix of the subject in the keys of emails about a match that is no longer proposed.
MATCH_IS_OFF = "off-"


def cohort_workflow_id(cohort_id: str) -> str:
    """Return the Temporal workflow id of a cohort, such as ``cohort-mile-2019``."""
    return f"cohort-{cohort_id}"


def applicant_scope(cohort_id: str, person_id: str) -> str:
    """Return the scope of emails about somebody's place in a cohort, such as ``mile-2019/M03``."""
    return f"{cohort_id}/{person_id}"


def is_applicant(scope: str) -> bool:
    """Tell whether a scope is somebody's place in a cohort, rather than a mentorship or a whole cohort."""
    return "/" in scope


def mentorship_id(cohort_id: str, number: int) -> str:
    """Return a mentorship's id, such as ``mile-2019-007``."""
    return f"{cohort_id}-{number:03}"


def mentorship_workflow_id(mentorship: str) -> str:
    """Return the Temporal workflow id of a mentorship, such as ``mentorship-mile-2019-007``."""
    return f"mentorship-{mentorship}"


def milestone_id(kind: str, number: int = 0) -> str:
    """Return a milestone's id within its mentorship: ``first_contact``, or ``check_in-3`` where there are several."""
    return f"{kind}-{number}" if number else kind


def response_id(mentorship: str, milestone: str, side: Side) -> str:
    """Return the id of what one participant answered to one milestone; its revisions share it."""
    return f"{mentorship}/{milestone}/{side}"


def meeting_date_id(mentorship: str, number: int) -> str:
    """Return the id of what a pair agreed on about one meeting; its revisions share it."""
    return f"{mentorship}/{MEETING_DATE}-{number}"


def email_key(scope: str, kind: str, subject: str, to: Recipient, occurrence: int = 0) -> str:
    """Return the unique key of an email: scope is a mentorship or cohort id, subject what it is about."""
    return f"{scope}/{kind}/{subject}/{to}/{occurrence}"


def subject_of(key: str) -> str:
    """Return what an email is about, as its key says."""
    return key.split("/")[-3]


def occurrence_of(key: str) -> int:
    """Return which reminder an email is, as its key says: 0 is the first email."""
    return int(key.rpartition("/")[2])


def proposal_subject(mentor_id: str, mentee_id: str, proposed_at: datetime) -> str:
    """Return the subject in the keys of emails about a proposed match; one that is proposed again has another."""
    return f"{mentee_id}-with-{mentor_id}-{proposed_at.astimezone(UTC):%Y-%m-%dT%H:%M}"


def matching_queue(queue: str) -> str:
    """Return the task queue of processor-heavy work beside the program's own queue."""
    return f"{queue}-matching"
