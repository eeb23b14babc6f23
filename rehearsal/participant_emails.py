"""How many emails each participant of a rehearsal got, by kind."""

from collections import Counter
from collections.abc import Iterable, Iterator

from schemas.enums import Recipient, Side
from schemas.ids import occurrence_of
from schemas.rehearsal import EmailRecord, MentorshipRecord, ParticipantEmailsRecord


def emails_per_participant(mentorships: Iterable[MentorshipRecord]) -> Iterator[ParticipantEmailsRecord]:
    """Yield what each side of each mentorship got about it, the mentor first."""
    for mentorship in mentorships:
        for side, participant in ((Side.MENTOR, mentorship.mentor), (Side.MENTEE, mentorship.mentee)):
            emails = [email for email in mentorship.emails if email.to is Recipient(side)]
            during = sum(email.at.date() <= mentorship.ends_on for email in emails)
            yield ParticipantEmailsRecord(
                mentorship=mentorship.id,
                side=side,
                participant=participant,
                during=during,
                afterwards=len(emails) - during,
                reminders=sum(_reminds(email) for email in emails),
                kinds=dict(Counter(email.kind for email in emails).most_common()),
                silent_about=sum(side in milestone.silent for milestone in mentorship.milestones),
            )


def _reminds(email: EmailRecord) -> bool:
    """Tell whether an email that the plan sends is a reminder; its first ask gives it its key."""
    return email.automatic and occurrence_of(email.key) > 0
