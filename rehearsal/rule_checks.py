"""Rules that every mentorship must keep, checked on a rehearsal's record."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from domain.calendar import OFFICE_OPENS, is_business_day
from domain.formatting import format_weekday
from domain.mentorship.plan import ONE_EMAIL_EVERY
from schemas.enums import Recipient
from schemas.rehearsal import EmailRecord, MentorshipRecord


def find_problems(mentorships: Iterable[MentorshipRecord], staff: Iterable[EmailRecord]) -> Iterator[str]:
    """Yield one sentence for each broken rule."""
    for email in staff:
        yield from _email_problems(email)
    for mentorship in mentorships:
        if mentorship.outcome is None:
            yield f"Mentorship {mentorship.id} is not closed."
        for email in mentorship.emails:
            yield from _email_problems(email)
        for to in (Recipient.MENTOR, Recipient.MENTEE):
            emails = [email for email in mentorship.emails if email.to is to and email.automatic]
            yield from _frequency_problems(mentorship.id, emails)


def _email_problems(email: EmailRecord) -> Iterator[str]:
    if email.state != "sent":
        yield f"Email {email.key} is {email.state}, not sent."
    if email.automatic and email.at.time() != OFFICE_OPENS:
        yield f"Email {email.key} went out at {email.at:%H:%M}, not at {OFFICE_OPENS:%H:%M}."
    if email.automatic and not is_business_day(email.at.date()):
        yield f"Email {email.key} went out on {format_weekday(email.at.date())}, which is no business day."


def _frequency_problems(mentorship: str, emails: Sequence[EmailRecord]) -> Iterator[str]:
    for earlier, later in pairwise(sorted(emails, key=lambda email: email.at)):
        if later.at - earlier.at < ONE_EMAIL_EVERY:
            yield f"Mentorship {mentorship}: {later.to} got {later.key} less than three days after {earlier.key}."
