"""The concerns about a mentorship in a few words, for lists."""

from collections.abc import Sequence

from schemas.enums import StaffReason

_SHORT = {
    StaffReason.CALL_REQUESTED: "asked for a call",
    StaffReason.UNDELIVERABLE: "email bounced",
    StaffReason.NO_FIRST_CONTACT: "no first contact",
    StaffReason.NO_AGREEMENT: "no agreement",
    StaffReason.SILENT: "no meeting in two check-ins",
    StaffReason.AGREEMENT_WAITING: "agreement waits",
    StaffReason.NOT_UNDERSTOOD: "unknown message",
}


def short_concern(concern: StaffReason) -> str:
    """Return a concern in a few words."""
    return _SHORT[concern]


def short_concerns(concerns: Sequence[StaffReason]) -> str:
    """Return concerns in a few words for a list, or nothing where there are none."""
    return ", ".join(map(short_concern, concerns))
