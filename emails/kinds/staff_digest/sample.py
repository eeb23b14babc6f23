"""A sample of the weekly digest for staff."""

from domain.mentorship.digest import ORDER_OF_CONCERNS
from emails.kinds.staff_digest.context import DigestLine, DigestList, StaffDigestEmail
from emails.samples import MENTEE, MENTOR, SITE, SampleCast
from schemas.enums import DigestNews, Side, StaffReason
from schemas.ids import mentorship_id


def samples(cast: SampleCast) -> dict[str, StaffDigestEmail]:
    """Return the emails by what they are."""
    pair = DigestLine(mentorship_id=mentorship_id(cast.cohort.id, 7), mentor=MENTOR.name, mentee=MENTEE.name)
    other = pair.model_copy(
        update={"mentorship_id": mentorship_id(cast.cohort.id, 11), "since": cast.day(42), "waits_for": Side.MENTEE}
    )
    worse = pair.model_copy(
        update={"since": cast.day(92), "lasting": "three check-ins", "also": (StaffReason.NO_AGREEMENT,)}
    )
    again = pair.model_copy(update={"since": cast.day(83), "again": True, "note": "They meet after the move."})
    new = (
        DigestList(
            news=DigestNews.NEW, reason=reason, lines=(pair, other) if reason is StaffReason.NO_AGREEMENT else (pair,)
        )
        for reason in ORDER_OF_CONCERNS
    )
    digest = StaffDigestEmail(
        cohort=cast.cohort,
        written_on=cast.day(115),
        by=cast.day(119),
        minutes=10,
        mentorships=2,
        lists=(
            *new,
            DigestList(news=DigestNews.WORSE, reason=StaffReason.SILENT, lines=(worse,)),
            DigestList(news=DigestNews.LOOK_AGAIN, reason=StaffReason.NO_FIRST_CONTACT, lines=(again,)),
        ),
        url=f"{SITE}/staff/classes/{cast.cohort.id}",
        as_before=3,
        put_off=1,
    )
    return {"digest": digest}
