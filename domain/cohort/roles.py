"""Who answers for a cohort on a day: roles have a first and a last day, and emails and pages follow (A41)."""

from collections.abc import Iterable
from datetime import date

from schemas.cohort.roles import NewRoleHolder, RoleHolder
from schemas.cohort.settings import CohortSettings, ProgramContact
from schemas.enums import StaffAccess


def is_held_on(holder: NewRoleHolder, day: date) -> bool:
    """Tell whether somebody holds their role on a day."""
    return holder.starts_on <= day and (holder.ends_on is None or day <= holder.ends_on)


def answers(holder: NewRoleHolder) -> bool:
    """Tell whether whoever holds a role answers questions."""
    return holder.access is StaffAccess.CHAIR


def is_stored(new: NewRoleHolder, holders: Iterable[RoleHolder]) -> bool:
    """Tell whether the same role with the same days is stored already."""
    return any(all(getattr(holder, name) == value for name, value in new) for holder in holders)


def contact_on(holders: Iterable[RoleHolder], day: date) -> RoleHolder | None:
    """Return who answers questions on a day: the one who began last, so that a deputy precedes the person they replace.

    Return None where nobody holds such a role; then the contact of the cohort's settings answers.
    """
    candidates = (holder for holder in holders if is_held_on(holder, day) and answers(holder))
    return max(candidates, key=lambda holder: (holder.starts_on, holder.id), default=None)


def contacts_on(holders: Iterable[RoleHolder], day: date) -> tuple[RoleHolder, ...]:
    """Return everybody whose role would have to end for the contact of the settings to answer on a day."""
    return tuple(holder for holder in holders if is_held_on(holder, day) and answers(holder))


def settings_with_contact(settings: CohortSettings, holders: Iterable[RoleHolder], day: date) -> CohortSettings:
    """Return a cohort's settings with the contact who answers on a day."""
    holder = contact_on(holders, day)
    if holder is None:
        return settings
    return settings.model_copy(update={"contact": ProgramContact(role=holder.role, email=holder.email)})


def coordinators_on(holders: Iterable[RoleHolder], day: date) -> tuple[RoleHolder, ...]:
    """Return the coordinators on a day, by number, each address once."""
    by_address = {
        holder.email.casefold(): holder
        for holder in holders
        if holder.access is StaffAccess.COORDINATOR and is_held_on(holder, day)
    }
    return tuple(sorted(by_address.values(), key=lambda holder: holder.id))
