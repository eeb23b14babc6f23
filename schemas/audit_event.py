"""Audit events: who did what to a cohort, a mentorship or a participant, and when."""

from pydantic import AwareDatetime, Field, JsonValue

from schemas.actor import Actor
from schemas.applications.people import PersonId
from schemas.base import FrozenModel
from schemas.mentorship.changes import StaffDecision


class AuditEvent(FrozenModel):
    """One event of the audit log; ``details`` carry ids, numbers and the note of staff, never a participant's words.

    ``decision`` is what its workflow was told. ``completed`` is false while a workflow carries out the step, and stays
    so where nobody knows whether it did.
    """

    happened_at: AwareDatetime
    actor: Actor
    action: str
    cohort_id: str
    mentorship_id: str | None = None
    person_id: PersonId | None = None
    details: dict[str, JsonValue] = Field(default_factory=dict)
    decision: StaffDecision | None = None
    completed: bool = True


class AuditFilter(FrozenModel):
    """Which audit events to read: every filter that is set must match; ``until`` itself is not included.

    A person's id is unique in their cohort only. The events of a person are also those whose details name them, as one
    about a pair does.
    """

    cohort_id: str | None = None
    mentorship_id: str | None = None
    person_id: str | None = None
    action: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
