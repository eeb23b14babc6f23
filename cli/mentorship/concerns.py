"""The concerns of a mentorship that needs staff: each in a few words, and what to do about it."""

from schemas.enums import StaffReason

CONCERNS = {
    StaffReason.CALL_REQUESTED: ("asked for a call", "call, then: mile mentorship resolve {id} --note …"),
    StaffReason.UNDELIVERABLE: ("email bounced", "find the new address, then: mile mentorship contact {id} --side …"),
    StaffReason.NO_FIRST_CONTACT: ("no first contact", "ask the mentor if they need help"),
    StaffReason.NO_AGREEMENT: ("no agreement", "ask both if they need help; they can still sign off on it"),
    StaffReason.SILENT: ("no meeting in two check-ins", "ask both how it is going"),
    StaffReason.AGREEMENT_WAITING: ("agreement waits", "remind the side that has not signed off on it"),
    StaffReason.NOT_UNDERSTOOD: ("unknown message", "ask the operator, then: mile mentorship resolve {id} --note …"),
}


def short_concerns(concerns: tuple[StaffReason, ...]) -> str:
    """Return concerns in a few words for a list, or nothing where there are none."""
    return ", ".join(CONCERNS[concern][0] for concern in concerns)


def concerns_with_advice(mentorship: str, concerns: tuple[StaffReason, ...]) -> str:
    """Return a line for each concern with what to do about it, or "none"."""
    lines = (f"{short}: {advice.format(id=mentorship)}" for short, advice in map(CONCERNS.__getitem__, concerns))
    return "\n".join(lines) or "none"
