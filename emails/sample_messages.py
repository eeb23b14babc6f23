"""Sample emails as messages: composed as they leave for the relay, with the headers and files of their kind."""

from email.headerregistry import Address

from domain.calendar import morning
from emails.calendar_file import CalendarFile, invitation_files
from emails.kinds._base.applicant import ApplicantEmail
from emails.kinds._base.email import EmailContext
from emails.kinds._base.participant import ParticipantEmail
from emails.kinds.kickoff.context import KickoffEmail
from emails.kinds.kickoff_changed.context import KickoffChangedEmail
from emails.kinds.status_changed.context import StatusChangedEmail
from emails.message import address, compose, message_id
from emails.rendering import Rendered
from emails.samples import SITE, TOKEN
from schemas.applications.applicant import Rsvp

SENDER, LIST_ID = "mile@example.org", "mile.example.org"


def sample_message(name: str, context: EmailContext, rendered: Rendered) -> bytes:
    """Return a sample as the message it would be; ``name`` stands for its key."""
    cohort, key = context.cohort, f"{context.cohort.id}/{name}"
    sender = address(f"{cohort.program.short_name} mentorship", SENDER)
    return compose(
        rendered,
        sender=sender,
        recipient=_recipient(context),
        reply_to=address(cohort.contact.role, cohort.contact.email),
        key=key,
        message_id=message_id(b"sample", key, sender.domain),
        at=morning(context.written_on or cohort.kickoff_day, cohort.time_zone),
        list_id=f"{cohort.id}.{LIST_ID}",
        mentorship_root=cohort.id,
        calendar=_calendar(context),
        # Not all of them are periodic, but those that are have it.
        list_unsubscribe=f"{SITE}/u/{TOKEN}" if isinstance(context, ParticipantEmail) else None,
    )


def _recipient(context: EmailContext) -> Address:
    if isinstance(context, ParticipantEmail | ApplicantEmail):
        return address(context.recipient.name, context.recipient.email)
    return address(context.cohort.contact.role, context.cohort.contact.email)


def _calendar(context: EmailContext) -> tuple[CalendarFile, ...]:
    if isinstance(context, StatusChangedEmail) and context.calls_off:
        return invitation_files(context.cohort, context.recipient, None, sequence=2, cancelled=True)
    if not isinstance(context, KickoffEmail | KickoffChangedEmail):
        return ()
    rsvp = Rsvp(status=context.rsvp_status) if context.rsvp_status else None
    return invitation_files(context.cohort, context.recipient, rsvp, sequence=1)
