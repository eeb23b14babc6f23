"""Samples of the email to whoever was given a role."""

from emails.kinds.role_given.context import RoleGivenEmail
from emails.samples import SITE, SampleCast
from schemas.enums import StaffAccess


def samples(cast: SampleCast) -> dict[str, RoleGivenEmail]:
    """Return the emails by what they are."""
    return {
        f"to a {access}": RoleGivenEmail(
            cohort=cast.cohort,
            written_on=cast.day(-200),
            role=cast.cohort.contact.role,
            access=access,
            starts_on=cast.day(-180),
            ends_on=None if access is StaffAccess.CHAIR else cast.day(0),
            url=f"{SITE}/staff",
        )
        for access in StaffAccess
    }
