"""Messages of staff to people of a class: written as a draft, tried on oneself, and sent once through the outbox."""

from collections.abc import Sequence
from datetime import UTC, datetime

from emails.kinds.message.context import message_as_test
from emails.rendering import Rendered, render
from schemas.actor import Actor
from schemas.emails.messages import QueuedEmail
from schemas.emails.staff_messages import MessageRecipient, MessageWords, StaffMessage
from schemas.enums import EmailKind, Recipient
from schemas.errors import Refusal
from schemas.ids import applicant_scope, email_key
from schemas.preview import Preview, PreviewedEmail, StepResult
from services.context import ServiceContext
from services.own_test_email import own_test_email
from storage import cohorts, outbox, roles, staff_messages
from storage.database import transaction


class MessageSent(StepResult):
    """A message that was sent to ``people``, or would be."""

    cohort: str
    number: int
    people: int


async def list_messages(context: ServiceContext, cohort: str) -> tuple[StaffMessage, ...]:
    """Return the drafts of a class and what was sent, the newest first."""
    return await staff_messages.messages(context.pool, cohort)


async def find_message(context: ServiceContext, cohort: str, number: int) -> StaffMessage:
    """Return one message of a class; raises Refusal where it has none of this number."""
    message = await staff_messages.message(context.pool, cohort, number)
    if message is None:
        raise Refusal("This class has no such message. Its draft may have been deleted.")
    return message


async def save_message(
    context: ServiceContext, actor: Actor, cohort: str, words: MessageWords, number: int | None = None
) -> int:
    """Save a new draft, or change the one of a number; return its number.

    Raises Refusal where it was sent meanwhile, or is not there.
    """
    now = datetime.now(UTC)
    if number is None:
        return await staff_messages.save(context.pool, cohort, words, actor.name, now)
    if not await staff_messages.change(context.pool, cohort, number, words, actor.name, now):
        raise Refusal("This message was sent or deleted meanwhile. Copy your words into a new one.")
    return number


async def read_message(context: ServiceContext, cohort: str, words: MessageWords) -> Rendered:
    """Return a message as people would read it."""
    settings = await roles.settings_at(
        context.pool, await cohorts.cohort_settings(context.pool, cohort), context.now(cohort)
    )
    return render(message_as_test(settings, words).model_copy(update={"test": False}))


async def message_recipients(context: ServiceContext, cohort: str, words: MessageWords) -> tuple[MessageRecipient, ...]:
    """Return whom a message would go to now, with those who are left out because they stopped our reminders."""
    return await staff_messages.audience(context.pool, words, cohort, context.now(cohort))


async def preview_message(context: ServiceContext, cohort: str, number: int) -> MessageSent:
    """Return whom sending a message would email; raises as ``send_message`` does."""
    message = await find_message(context, cohort, number)
    if message.sent_at:
        raise Refusal("This message was sent already.")
    people = await message_recipients(context, cohort, message)
    reached = [person for person in people if not person.stopped]
    if not reached:
        raise Refusal("Nobody would get this message. Choose other people.")
    counted = "1 person" if len(reached) == 1 else f"{len(reached)} people"
    preview = Preview(
        changes=(f"“{message.subject}” goes to {counted}, and to nobody else.",),
        emails=tuple(
            PreviewedEmail(to=person.person_id, kind=EmailKind.MESSAGE, side=Recipient(person.side))
            for person in reached
        ),
        left_out=_left_out(len(people) - len(reached)),
    )
    return MessageSent(cohort=cohort, number=number, people=len(reached), done=False, preview=preview)


async def send_message(
    context: ServiceContext, actor: Actor, cohort: str, number: int, *, note: str | None = None
) -> MessageSent:
    """Email a message to all of its people, once.

    Raises Refusal where it was sent before, is not there, or would reach nobody.
    """
    await preview_message(context, cohort, number)
    async with transaction(context.pool) as db:
        message = await staff_messages.message(db, cohort, number)
        if message is None or not await staff_messages.set_sent(db, cohort, number, datetime.now(UTC)):
            raise Refusal("This message was sent already.")
        reached = await staff_messages.audience(db, message, cohort, context.now(cohort))
        people = [one for one in reached if not one.stopped]
        await outbox.enqueue(db, *_emails(context, cohort, number, people))
        await context.audit_in(db, actor, "message_sent", cohort, message=number, people=len(people), note=note)
    return MessageSent(cohort=cohort, number=number, people=len(people), done=True)


async def send_test(context: ServiceContext, actor: Actor, cohort: str, number: int) -> None:
    """Email a message to whoever asks for it, and to nobody else.

    Raises Refusal where it is not there, or they hold no role today.
    """
    await find_message(context, cohort, number)
    email = await own_test_email(context, actor, cohort, EmailKind.MESSAGE, number)
    async with transaction(context.pool) as db:
        await outbox.enqueue(db, email)
        await context.audit_in(db, actor, "message_tested", cohort, message=number)


async def delete_message(
    context: ServiceContext, actor: Actor, cohort: str, number: int, *, note: str | None = None
) -> None:
    """Delete a draft; raises Refusal where it was sent, or is not there."""
    async with transaction(context.pool) as db:
        if not await staff_messages.delete(db, cohort, number):
            raise Refusal("Only a draft can be deleted. This message was sent, or is not there.")
        await context.audit_in(db, actor, "message_deleted", cohort, message=number, note=note)


def _emails(context: ServiceContext, cohort: str, number: int, people: Sequence[MessageRecipient]) -> list[QueuedEmail]:
    now = context.now(cohort)
    return [
        QueuedEmail(
            key=email_key(scope, EmailKind.MESSAGE, str(number), Recipient(person.side)),
            kind=EmailKind.MESSAGE,
            scope_id=scope,
            to=Recipient(person.side),
            at=now,
            now=now,
            automatic=False,
        )
        for person in people
        for scope in (applicant_scope(cohort, person.person_id),)
    ]


def _left_out(people: int) -> tuple[str, ...]:
    if not people:
        return ()
    counted = "1 person" if people == 1 else f"{people} people"
    return (f"{counted} stopped our reminders, and {'is' if people == 1 else 'are'} not written to.",)
