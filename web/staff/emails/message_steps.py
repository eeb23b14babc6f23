"""What staff do with a message: send it to its people, to themselves as a test, or delete its draft."""

from schemas.errors import Refusal
from schemas.preview import Preview
from services.staff_messages import delete_message, preview_message, send_message, send_test
from web.staff.console import StaffVisit
from web.staff.emails.audiences import audience_words
from web.staff.emails.messages import MESSAGE, MESSAGES, message_of
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step


def message_steps() -> tuple[Step, ...]:
    """Return the steps about messages."""
    return (
        step(MESSAGE, "send", _send_form, _preview_send, _send, name="message-send"),
        step(MESSAGE, "test", _test_form, _preview_test, _test, name="message-test"),
        step(MESSAGE, "delete", _delete_form, _preview_delete, _delete, name="message-delete", back=MESSAGES),
    )


async def _send_form(visit: StaffVisit) -> StepForm:
    message = await message_of(visit)
    return StepForm(
        title="Send a message",
        lead=f"“{message.subject}”. {audience_words(message.audience)}.",
        questions=(),
        submit="Send it",
    )


async def _preview_send(visit: StaffVisit, _: Answers) -> Preview:
    message = await message_of(visit)
    return (await preview_message(visit.services, visit.cohort.id, message.id)).preview or Preview()


async def _send(visit: StaffVisit, _: Answers, note: str | None) -> str:
    message = await message_of(visit)
    done = await send_message(visit.services, visit.member.actor, visit.cohort.id, message.id, note=note)
    return f"{'1 email leaves' if done.people == 1 else f'{done.people} emails leave'} now."


async def _test_form(visit: StaffVisit) -> StepForm:
    message = await message_of(visit)
    return StepForm(title="Send me a test", lead=f"“{message.subject}”", questions=(), submit="Send me a test")


async def _preview_test(visit: StaffVisit, _: Answers) -> Preview:
    await message_of(visit)
    sentence = f"The message goes to {visit.member.email}, and to nobody else."
    return Preview(changes=(sentence,), way_back="delete the email you get")


async def _test(visit: StaffVisit, _: Answers, __: str | None) -> str:
    message = await message_of(visit)
    await send_test(visit.services, visit.member.actor, visit.cohort.id, message.id)
    return f"A test is on its way to {visit.member.email}."


async def _delete_form(visit: StaffVisit) -> StepForm:
    message = await message_of(visit)
    if message.sent_at:
        raise Refusal("Only a draft can be deleted. This message was sent.")
    return StepForm(title="Delete a draft", lead=f"“{message.subject}”", questions=(), submit="Delete it")


async def _preview_delete(visit: StaffVisit, _: Answers) -> Preview:
    message = await message_of(visit)
    return Preview(changes=(f"The draft “{message.subject}” is deleted.",))


async def _delete(visit: StaffVisit, _: Answers, note: str | None) -> str:
    message = await message_of(visit)
    await delete_message(visit.services, visit.member.actor, visit.cohort.id, message.id, note=note)
    return f"The draft “{message.subject}” is deleted."
