"""Who holds a role of a cohort from when to when; addresses stay in PostgreSQL, SMTP, pages and staff's terminal."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from schemas.addresses import EmailAddress
from schemas.base import InputModel
from schemas.cohort.settings import DisplayName
from schemas.enums import StaffAccess


class NewRoleHolder(InputModel):
    """Somebody who takes on a role: from its first day up to and including ``ends_on``, or until further notice.

    ``role`` is what emails call it; ``access`` says what they may do, and only a chair answers questions.
    """

    role: DisplayName
    email: EmailAddress
    access: StaffAccess = StaffAccess.CHAIR
    starts_on: date
    ends_on: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValueError(f"the last day {self.ends_on} is before the first day {self.starts_on}")
        return self


class RoleHolder(NewRoleHolder):
    """A stored role holder, with the number by which the role is ended; the JSON has no address."""

    id: int
    email: EmailAddress = Field(exclude=True)
