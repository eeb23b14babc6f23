"""Writing an email from what is stored, whoever it goes to."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from email.headerregistry import Address
from functools import partial

from domain.calendar import local_day
from domain.cohort.roles import coordinators_on
from domain.languages import in_language
from emails.address_emails import read_address_email
from emails.applicant_emails import read_applicant_email
from emails.batcher import Batcher
from emails.calendar_file import CalendarFile, invitation_files
from emails.kinds._base.applicant import ApplicantEmail
from emails.kinds._base.email import EmailContext
from emails.kinds._base.participant import MentorshipFacts
from emails.kinds.kickoff.context import KickoffEmail
from emails.kinds.kickoff_changed.context import KickoffChangedEmail
from emails.kinds.mentors_needed.context import MentorsNeededEmail
from emails.kinds.message.context import message_as_test, message_email
from emails.kinds.role_given.context import role_given
from emails.kinds.sign_in.context import SignInEmail
from emails.kinds.staff_digest.context import staff_digest
from emails.kinds.status_changed.context import StatusChangedEmail
from emails.late_emails import only_reminds
from emails.links import (
    SIGN_IN_MINUTES,
    AddressLinks,
    LinkKey,
    LinkKeys,
    MilestoneLinks,
    PersonalLinks,
    ReminderLinks,
    SignInLinks,
)
from emails.meeting_invitation import called_off, meeting_invitation
from emails.message import address
from emails.outgoing import OutgoingEmail
from emails.own_words import WORDED_KINDS, sample_emails
from emails.participant_emails import answerable, are_too_old, is_settled, participant_email, read_facts
from emails.registry import APPLICANT_EMAILS
from emails.rendering import Rendered, render
from emails.staff_emails import read_cohort, read_inquiry, read_inquiry_digest, read_note, read_reply_digest
from runtime.settings import Settings
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import ClaimedEmail, QueuedEmail
from schemas.emails.staff_messages import MessageToPerson
from schemas.enums import ADDRESS_EMAILS, ApplicationStatus, EmailKind, Recipient, Side
from schemas.ids import subject_of
from schemas.mentorship.responses import StoredReminderLink
from storage import digests, email_wordings, kickoff, mentorships, outbox, roles, staff_messages
from storage.database import Db
from storage.mentorship_emails import known_mentorships

# Emails to whoever answers, whose words are all read.
_TO_CONTACT: dict[EmailKind, Callable[[Db, QueuedEmail], Awaitable[EmailContext]]] = {
    EmailKind.INQUIRY_DIGEST: read_inquiry_digest,
    EmailKind.REPLY_DIGEST: read_reply_digest,
}


class EmailWriter:
    """Writes emails for the sender; ``render`` puts what an email needs to know into words."""

    def __init__(self, pool: Db, settings: Settings, render: Callable[[EmailContext], Rendered] = render) -> None:
        self._pool = pool
        self._render = render
        self._public_url = settings.public_url
        self._keys = LinkKeys(settings)
        self._reminder_links = ReminderLinks(pool, settings.public_url, self._keys)
        self._known_mentorship = Batcher(partial(known_mentorships, pool))

    async def write(self, queued: QueuedEmail, key: LinkKey | None = None) -> OutgoingEmail | None:
        """Return the email, or None where there is nothing left to say; its links are of the key, or the newest.

        One that was claimed is in the class's own words of its first attempt.
        """
        key = key or self._keys.find(None)
        if queued.to is Recipient.STAFF and queued.kind in WORDED_KINDS:
            return await self._wording_as_test(queued)
        if queued.to is Recipient.STAFF:
            return await self._to_staff(queued, key)
        if queued.kind is EmailKind.MESSAGE:
            return await self._message(queued)
        if queued.kind in ADDRESS_EMAILS:
            return await self._to_mailbox(queued, AddressLinks(self._pool, self._public_url, key))
        if queued.kind in APPLICANT_EMAILS:
            return await self._to_applicant(queued, key)
        return await self._to_participant(queued, key)

    async def _to_staff(self, queued: QueuedEmail, key: LinkKey) -> OutgoingEmail | None:
        if queued.kind is EmailKind.SIGN_IN:
            return await self._sign_in(queued, SignInLinks(self._pool, self._public_url, key))
        if read := _TO_CONTACT.get(queued.kind):
            return self._to_contact(await read(self._pool, queued))
        write = {
            EmailKind.STAFF_NOTE: self._note,
            EmailKind.STAFF_DIGEST: self._digest,
            EmailKind.INQUIRY: self._inquiry,
            EmailKind.ROLE_GIVEN: self._role_given,
            EmailKind.MESSAGE: self._message_as_test,
        }[queued.kind]
        return await write(queued)

    async def _to_participant(self, queued: QueuedEmail, key: LinkKey) -> OutgoingEmail | None:
        known, side = await self._known_mentorship(queued.scope_id), Side(queued.to)
        facts = await read_facts(self._pool, queued, known)
        too_old = queued.kind is EmailKind.OPEN_LINKS and are_too_old(queued, facts)
        if too_old or is_settled(queued, facts):
            return None
        person = facts.pair.of(side)
        link = known.reminder_links.get(person.id)
        if only_reminds(queued) and link and link.is_paused(queued.now):
            return None
        personal = PersonalLinks(self._pool, self._public_url, key)
        facts = facts.model_copy(
            update={
                "reminders_from": _come_again_on(link, queued, facts.pair.cohort),
                "reminders_url": await self._reminder_links.url_after(link, facts.pair, side),
                "page_url": await personal.mentorship_url(known.personal_links.get(person.id), facts.pair, side),
            }
        )
        links = MilestoneLinks(public_url=self._public_url, secret=key.secret)
        with in_language(facts.pair.cohort.language_for(person.language)):
            context = await self._in_own_words(queued, participant_email(queued, facts, links))
            return OutgoingEmail(
                self._render(context),
                facts.pair.cohort,
                address(person.name, person.email),
                links.known(queued, answerable(queued, facts)),
                calendar=_meeting_files(queued, facts, side),
                # What follows on somebody's act is not periodic.
                list_unsubscribe=facts.reminders_url if queued.automatic else None,
            )

    async def _to_applicant(self, queued: QueuedEmail, key: LinkKey) -> OutgoingEmail | None:
        links = PersonalLinks(self._pool, self._public_url, key)
        context = await read_applicant_email(self._pool, queued, links, self._reminder_links)
        if context is None:
            return None
        if isinstance(context, StatusChangedEmail) and await self._calls_off(queued, context):
            context = context.model_copy(update={"calls_off": True})
        recipient = address(context.recipient.name, context.recipient.email)
        with in_language(context.cohort.language_for(context.recipient.language)):
            return OutgoingEmail(
                self._render(await self._in_own_words(queued, context)),
                context.cohort,
                recipient,
                calendar=await self._calendar(context),
                list_unsubscribe=context.stop_url if isinstance(context, MentorsNeededEmail) else None,
            )

    async def _to_mailbox(self, queued: QueuedEmail, links: AddressLinks) -> OutgoingEmail | None:
        """Write an email to a given mailbox: the stored address of its recipient is, or was, another one."""
        email = await read_address_email(self._pool, queued, links)
        if email is None:
            return None
        with in_language(email.language):
            return OutgoingEmail(self._render(email.context), email.context.cohort, address("", email.to))

    async def _in_own_words(self, queued: QueuedEmail, context: EmailContext) -> EmailContext:
        """Return an email in the words that its class had when it was first tried."""
        if not isinstance(queued, ClaimedEmail) or not queued.wording:
            return context
        wording = await email_wordings.wording(self._pool, queued.wording)
        return context.model_copy(update={"own_words": wording.passages}) if wording else context

    async def _wording_as_test(self, queued: QueuedEmail) -> OutgoingEmail | None:
        cohort = await read_cohort(self._pool, queued)
        number, holder_number, sample, _ = subject_of(queued.key).split("-", 3)
        wording = await email_wordings.wording(self._pool, int(number))
        holder = await roles.find_holder(self._pool, cohort.id, int(holder_number))
        if wording is None or holder is None:
            return None
        with in_language(cohort.languages[0]):
            samples = tuple(sample_emails(queued.kind, cohort, wording.passages).values())
            email = samples[int(sample)].model_copy(update={"test": True})
            return OutgoingEmail(self._render(email), cohort, address(holder.role, holder.email))

    async def _calendar(self, context: ApplicantEmail) -> tuple[CalendarFile, ...]:
        """Return the calendar files of an email about the kickoff, with what its guest answered so far."""
        cancelled = isinstance(context, StatusChangedEmail) and context.calls_off
        if not (cancelled or isinstance(context, KickoffEmail | KickoffChangedEmail)):
            return ()
        cohort_id, person_id = context.cohort.id, context.recipient.id
        guest = await kickoff.guest(self._pool, cohort_id, person_id)
        if guest is None:
            return ()
        sequence = await kickoff.sequence_of(self._pool, cohort_id, person_id, cancelled=cancelled)
        return invitation_files(context.cohort, guest.person, guest.rsvp, sequence=sequence, cancelled=cancelled)

    async def _calls_off(self, queued: QueuedEmail, context: StatusChangedEmail) -> bool:
        """Tell whether an email says to somebody who was invited that they have no place at the kickoff any more."""
        has_place = context.status is ApplicationStatus.ACCEPTED and not context.match_is_off
        return not has_place and await outbox.count_emails(self._pool, queued.scope_id, EmailKind.KICKOFF) > 0

    async def _sign_in(self, queued: QueuedEmail, links: SignInLinks) -> OutgoingEmail | None:
        # Late, as after an outage, it would bring a link that works no more.
        if datetime.now(UTC) - queued.at >= timedelta(minutes=SIGN_IN_MINUTES):
            return None
        cohort = await read_cohort(self._pool, queued)
        number = int(subject_of(queued.key).partition("-")[0])
        holder = await roles.holder(self._pool, cohort.id, number)
        url = await links.url(queued.key, holder.email, queued.at)
        context = SignInEmail(cohort=cohort, url=url, minutes=SIGN_IN_MINUTES)
        return OutgoingEmail(self._render(context), cohort, address(holder.role, holder.email))

    async def _message(self, queued: QueuedEmail) -> OutgoingEmail | None:
        person_id, number = queued.scope_id.partition("/")[2], int(subject_of(queued.key))
        cohort = await read_cohort(self._pool, queued)
        message = await staff_messages.message_to(self._pool, cohort.id, number, person_id)
        if message is None:
            return None
        with in_language(cohort.language_for(message.language)):
            return OutgoingEmail(
                self._render(message_email(cohort, message)),
                cohort,
                address(message.name, message.email),
                list_unsubscribe=await self._stop_url(message),
            )

    async def _stop_url(self, message: MessageToPerson) -> str | None:
        """Return where somebody stops such emails; only who has a mentorship has such a page."""
        if message.mentorship_id is None:
            return None
        pair = await mentorships.partners(self._pool, message.mentorship_id)
        return await self._reminder_links.url(pair, message.side)

    async def _message_as_test(self, queued: QueuedEmail) -> OutgoingEmail | None:
        cohort = await read_cohort(self._pool, queued)
        number, holder_number, _ = subject_of(queued.key).split("-", 2)
        message = await staff_messages.message(self._pool, cohort.id, int(number))
        holder = await roles.find_holder(self._pool, cohort.id, int(holder_number))
        if message is None or holder is None:
            return None
        return OutgoingEmail(self._render(message_as_test(cohort, message)), cohort, address(holder.role, holder.email))

    async def _role_given(self, queued: QueuedEmail) -> OutgoingEmail | None:
        cohort = await read_cohort(self._pool, queued)
        holder = await roles.find_holder(self._pool, cohort.id, int(subject_of(queued.key)))
        if holder is None:
            return None
        email = role_given(queued, cohort, holder, f"{self._public_url}/staff")
        return OutgoingEmail(self._render(email), cohort, address(holder.role, holder.email))

    async def _inquiry(self, queued: QueuedEmail) -> OutgoingEmail:
        """Write an inquiry to staff; Reply-To is the person who asked (A42)."""
        inquiry = await read_inquiry(self._pool, queued)
        email = self._to_contact(inquiry)
        email.reply_to = address(inquiry.name, inquiry.email)
        return email

    async def _note(self, queued: QueuedEmail) -> OutgoingEmail:
        return self._to_contact(await read_note(self._pool, queued, self._public_url))

    async def _digest(self, queued: QueuedEmail) -> OutgoingEmail | None:
        cohort = await read_cohort(self._pool, queued)
        digest = await digests.weekly_digest(self._pool, cohort, queued.at)
        if not digest.items:
            return None
        await digests.save_told(self._pool, digest)
        email = self._to_contact(staff_digest(queued, cohort, digest, self._public_url))
        email.copies = await self._coordinators_on(queued, cohort)
        return email

    async def _coordinators_on(self, queued: QueuedEmail, cohort: CohortSettings) -> tuple[Address, ...]:
        day = local_day(queued.now, cohort.time_zone)
        holders = coordinators_on(await roles.role_holders(self._pool, cohort.id), day)
        return tuple(address(one.role, one.email) for one in holders if one.email != cohort.contact.email)

    def _to_contact(self, context: EmailContext) -> OutgoingEmail:
        contact = context.cohort.contact
        return OutgoingEmail(self._render(context), context.cohort, address(contact.role, contact.email))


def _come_again_on(link: StoredReminderLink | None, queued: QueuedEmail, cohort: CohortSettings) -> date | None:
    """Return the day from which paused reminders come again, or None where they are not paused, or for good."""
    if link is None or not link.is_paused(queued.now) or link.resumed_at is None:
        return None
    return local_day(link.resumed_at, cohort.time_zone)


def _meeting_files(queued: QueuedEmail, facts: MentorshipFacts, side: Side) -> tuple[CalendarFile, ...]:
    """Return the file of an email about a meeting's date, or those by which a farewell calls off what was to come."""
    if queued.kind is EmailKind.FAREWELL:
        off = (called_off(date, queued.at) for date in facts.dates_after(queued))
        return tuple(meeting_invitation(facts.pair, side, date) for date in off)
    return (meeting_invitation(facts.pair, side, facts.meeting_date),) if facts.meeting_date else ()
