"""What staff do about each concern of a mentorship, with the command for it."""

from domain.mentorship.concern_words import short_concern
from schemas.enums import StaffReason

_ADVICE = {
    StaffReason.CALL_REQUESTED: "call, then: mile mentorship resolve {id} --note …",
    StaffReason.UNDELIVERABLE: "find the new address, then: mile mentorship contact {id} --side …",
    StaffReason.NO_FIRST_CONTACT: "ask the mentor if they need help",
    StaffReason.NO_AGREEMENT: "ask both if they need help; they can still sign off on it",
    StaffReason.SILENT: "ask both how it is going",
    StaffReason.AGREEMENT_WAITING: "remind the side that has not signed off on it",
    StaffReason.NOT_UNDERSTOOD: "ask the operator, then: mile mentorship resolve {id} --note …",
}


def concerns_with_advice(mentorship: str, concerns: tuple[StaffReason, ...]) -> str:
    """Return a line for each concern with what to do about it, or "none"."""
    lines = (f"{short_concern(concern)}: {_ADVICE[concern].format(id=mentorship)}" for concern in concerns)
    return "\n".join(lines) or "none"
