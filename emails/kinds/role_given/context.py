"""Tells a role holder what their role is, from when to when, how to sign in, and what to look at first."""

from datetime import date
from typing import ClassVar

from pydantic import computed_field

from domain.calendar import local_day
from emails.kinds._base.email import EmailContext
from schemas.cohort.roles import RoleHolder
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, StaffAccess

_COMMON = ("Ask whoever had the role before you what is under way.",)
CHECKLISTS: dict[StaffAccess, tuple[str, ...]] = {
    StaffAccess.CHAIR: (
        "Sign in, and open the class.",
        "Look at each open concern. Call whoever asked for a call.",
        "Look at the emails that did not leave.",
        "Read the audit log of the last month. It says what was done, and why.",
        "Check the dates of the class and its contact address.",
        *_COMMON,
        "See who else holds a role. End the roles that are over.",
    ),
    StaffAccess.COORDINATOR: (
        "Sign in, and open the class.",
        "Look at each open concern. Call whoever asked for a call.",
        "Read the audit log of the last month. It says what was done, and why.",
        *_COMMON,
    ),
    StaffAccess.READER: ("Sign in, and open the class.", "Look at its reports. They have figures, and no names."),
}


class RoleGivenEmail(EmailContext):
    """Tells somebody which role they hold from ``starts_on`` on, and where they sign in; with a checklist."""

    kind: ClassVar[EmailKind] = EmailKind.ROLE_GIVEN

    role: str
    access: StaffAccess
    starts_on: date
    ends_on: date | None
    url: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def checklist(self) -> tuple[str, ...]:
        """Return what to look at first, in order."""
        return CHECKLISTS[self.access]


def role_given(queued: QueuedEmail, cohort: CohortSettings, holder: RoleHolder, url: str) -> RoleGivenEmail:
    """Return the email about somebody's role."""
    term = holder.model_dump(include={"role", "access", "starts_on", "ends_on"})
    return RoleGivenEmail(cohort=cohort, written_on=local_day(queued.now, cohort.time_zone), url=url, **term)
