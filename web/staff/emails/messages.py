"""Messages to people of a class: drafts and what was sent, writing one, and one as people would read it."""

from collections.abc import Sequence

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import read_answers
from emails.rendering import LONGEST_SUBJECT
from schemas.emails.staff_messages import MessageWords, StaffMessage
from schemas.enums import StaffAccess
from schemas.errors import Refusal
from schemas.forms.questions import Question
from services.staff_messages import (
    find_message,
    list_messages,
    message_recipients,
    read_message,
    save_message,
)
from web.form import Field, answered_fields, number_of, read_form, rejected_fields
from web.staff.console import Console, StaffVisit
from web.staff.emails.addresses import EMAILS
from web.staff.emails.audiences import SIDES, WHO, audience_of, audience_words, sides_of, who_of
from web.staff.emails.outbox import POLICY_WITH_FRAME

MESSAGES = f"{EMAILS}/messages"
MESSAGE = f"{MESSAGES}/{{message}}"
_QUESTIONS = (
    Question(name="sides", kind="choice", label="To whom?", choices=SIDES, required=True),
    Question(name="who", kind="choice", label="To which of them?", choices=WHO, required=True),
    Question(name="subject", kind="line", label="Subject", required=True, longest=LONGEST_SUBJECT),
    Question(
        name="body",
        kind="text",
        label="Message",
        hint="We add the greeting and the end. Leave a line empty for a new paragraph. Write **bold**, *italic*,"
        " - for a list, and [words](https://example.org) for a link.",
        required=True,
    ),
)


class MessagePages:
    """Lists messages, saves drafts, and shows one."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        route, needed = self._console.route, StaffAccess.COORDINATOR
        new, edit = f"{MESSAGES}/new", f"{MESSAGE}/edit"
        return [
            route(MESSAGES, self.list_messages, name="staff_messages", needed=needed),
            route(new, self.show_form, name="staff_message_new", needed=needed),
            route(new, self.save, name="staff_message_new_sent", needed=needed, method="POST"),
            route(MESSAGE, self.show, name="staff_message", needed=needed),
            route(edit, self.show_form, name="staff_message_edit", needed=needed),
            route(edit, self.save, name="staff_message_edit_sent", needed=needed, method="POST"),
        ]

    async def list_messages(self, visit: StaffVisit) -> Response:
        """Show drafts and what was sent, the newest first."""
        messages = await list_messages(visit.services, visit.cohort.id)
        return await self._console.show(
            visit,
            "staff_messages.html",
            messages=messages,
            audience=audience_words,
            base=visit.path(MESSAGES),
        )

    async def show_form(self, visit: StaffVisit) -> Response:
        """Show the form: empty, or with the words of a draft."""
        message = await _message(visit)
        return await self._form(visit, answered_fields(_QUESTIONS, _typed(message) if message else {}))

    async def save(self, visit: StaffVisit) -> Response:
        """Save the draft, and show how it reads."""
        posted = read_form(visit.request, _QUESTIONS)
        reading = read_answers(_QUESTIONS, posted)
        if reading.problems:
            return await self._form(visit, rejected_fields(_QUESTIONS, posted, reading), status=422)
        answers = reading.answers
        words = MessageWords(
            subject=answers["subject"], body=answers["body"], audience=audience_of(answers["sides"], answers["who"])
        )
        number = number_of(visit.params["message"]) if "message" in visit.params else None
        try:
            number = await save_message(visit.services, visit.member.actor, visit.cohort.id, words, number)
        except Refusal as refusal:
            return await self._form(visit, answered_fields(_QUESTIONS, posted), status=409, refusal=str(refusal))
        return RedirectResponse(f"{visit.path(MESSAGES)}/{number}", status_code=303)

    async def show(self, visit: StaffVisit) -> Response:
        """Show how a message reads, whom it goes to, and what can be done with it."""
        message = await message_of(visit)
        people = () if message.sent_at else await message_recipients(visit.services, visit.cohort.id, message)
        response = await self._console.show(
            visit,
            "staff_message.html",
            message=message,
            rendered=await read_message(visit.services, visit.cohort.id, message),
            people=[person for person in people if not person.stopped],
            stopped=sum(person.stopped for person in people),
            audience=audience_words(message.audience),
            base=visit.path(MESSAGE),
            messages=visit.path(MESSAGES),
        )
        response.headers["Content-Security-Policy"] = POLICY_WITH_FRAME
        return response

    async def _form(
        self, visit: StaffVisit, fields: Sequence[Field], *, status: int = 200, refusal: str = ""
    ) -> Response:
        return await self._console.show(
            visit, "staff_message_form.html", status, fields=fields, refusal=refusal, back=visit.path(MESSAGES)
        )


async def message_of(visit: StaffVisit) -> StaffMessage:
    """Return the message that a page is about; raises Refusal where there is none."""
    return await find_message(visit.services, visit.cohort.id, number_of(visit.params["message"]))


async def _message(visit: StaffVisit) -> StaffMessage | None:
    return await message_of(visit) if "message" in visit.params else None


def _typed(message: StaffMessage) -> dict[str, str]:
    return {
        "sides": sides_of(message.audience),
        "who": who_of(message.audience),
        "subject": message.subject,
        "body": message.body,
    }
