"""A sample of the weekly digest for staff."""

from emails.kinds.staff_digest.context import ORDER_OF_CONCERNS, DigestLine, DigestList, StaffDigestEmail
from emails.samples import MENTEE, MENTOR, SampleCast
from schemas.enums import Side, StaffReason
from schemas.ids import mentorship_id


def samples(cast: SampleCast) -> dict[str, StaffDigestEmail]:
    """Return the emails by what they are."""
    pair = DigestLine(mentorship_id=mentorship_id(cast.cohort.id, 7), mentor=MENTOR.name, mentee=MENTEE.name)
    other = pair.model_copy(update={"mentorship_id": mentorship_id(cast.cohort.id, 11), "since": cast.day(42)})
    waiting = pair.model_copy(update={"waits_for": Side.MENTEE, "since": cast.day(83)})
    concerns = (
        DigestList(reason=reason, lines=(pair, other) if reason is StaffReason.NO_AGREEMENT else (pair,))
        for reason in ORDER_OF_CONCERNS
    )
    digest = StaffDigestEmail(
        cohort=cast.cohort,
        written_on=cast.day(115),
        by=cast.day(119),
        minutes=10,
        mentorships=2,
        lists=(*concerns, DigestList(reason=None, lines=(waiting,))),
    )
    return {"digest": digest}
